"""POST /oauth/device_authorization (RFC 8628, section 3.1)."""

import asyncpg
from aiohttp import web

from control_plane.identity.clients.records import DEVICE_GRANT
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import device_store, user_codes
from control_plane.identity.lifetimes import DEVICE_CODE_S, DEVICE_INTERVAL_S
from control_plane.identity.throttle import Count
from control_plane.kit.client_info import client_network
from control_plane.oauth.authorize.steps.load_scope import scopes_for
from control_plane.oauth.client_authentication import load_client
from control_plane.oauth.errors import OAuthError
from control_plane.oauth.parameters import parse_form
from control_plane.oauth.responses import no_store_json

_REQUESTS_MAX = 300


async def device_authorization(request: web.Request, context: IdentityContext) -> web.Response:
    """Raises OAuthError."""
    parameters = await parse_form(request)
    parameters.check_single()
    client = await load_client(context, request, parameters)
    if DEVICE_GRANT not in client.grant_types:
        raise OAuthError("unauthorized_client", "this client may not use the device flow")
    await context.throttle.begin(Count("device", client_network(request), _REQUESTS_MAX))
    scopes = scopes_for(parameters.find("scope"), client.scopes)
    device_code, user_code = await _create(context, client.id, list(scopes))
    displayed = user_codes.format_code(user_code)
    return no_store_json(
        {
            "device_code": device_code,
            "user_code": displayed,
            "verification_uri": context.links.device(),
            "verification_uri_complete": context.links.device(displayed),
            "expires_in": DEVICE_CODE_S,
            "interval": DEVICE_INTERVAL_S,
        }
    )


async def _create(context: IdentityContext, client_id: str, scopes: list[str]) -> tuple[str, str]:
    while True:
        user_code = user_codes.create_user_code()
        try:
            device_code = await device_store.create(context.pool, client_id, scopes, user_code)
        except asyncpg.UniqueViolationError:
            continue
        return device_code, user_code
