"""POST /oauth/device_authorization (RFC 8628): two codes, one for the device, one for its user."""

from urllib.parse import urlencode

import asyncpg
from aiohttp import web

from control_plane.kit.throttle import address_of
from control_plane.oidc import user_codes
from control_plane.oidc.authorization.load_scope import scopes_for
from control_plane.oidc.endpoints.answering import fresh
from control_plane.oidc.endpoints.clients import load_client
from control_plane.oidc.errors import OAuthError
from control_plane.oidc.grants import device_store
from control_plane.oidc.parameters import of_form
from control_plane.oidc.provider import DEVICE_CODE_S, DEVICE_INTERVAL_S, Provider
from control_plane.oidc.records import DEVICE_GRANT

_REQUESTS_MAX = 300


async def device_authorization(request: web.Request, provider: Provider) -> web.Response:
    """Raises OAuthError."""
    parameters = await of_form(request)
    parameters.check_single()
    client = await load_client(provider, request, parameters)
    if DEVICE_GRANT not in client.grant_types:
        raise OAuthError("unauthorized_client", "this client may not use the device flow")
    await provider.throttle.count("device", address_of(request), _REQUESTS_MAX)
    scopes = scopes_for(parameters.find("scope"), client.scopes)
    device_code, user_code = await _create(provider, client.id, list(scopes))
    written, page = user_codes.written(user_code), f"{provider.issuer}/device"
    return fresh(
        {
            "device_code": device_code,
            "user_code": written,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?{urlencode({'user_code': written})}",
            "expires_in": DEVICE_CODE_S,
            "interval": DEVICE_INTERVAL_S,
        }
    )


async def _create(provider: Provider, client_id: str, scopes: list[str]) -> tuple[str, str]:
    while True:
        user_code = user_codes.create_user_code()
        try:
            made = await device_store.create(provider.pool, client_id, scopes, user_code)
        except asyncpg.UniqueViolationError:
            continue
        return made, user_code
