"""POST /oauth/revoke (RFC 7009): a refresh or access token, and with it its whole grant, ends. What
is nobody's token, or another client's, is passed over in silence; a hint only says where to look.
"""

from aiohttp import web

from control_plane.kit.database import Pool
from control_plane.kit.middleware import TOLD
from control_plane.oidc.endpoints.answering import fresh, origin_of
from control_plane.oidc.endpoints.clients import load_client
from control_plane.oidc.grants import events, revoking, store
from control_plane.oidc.parameters import of_form
from control_plane.oidc.provider import Provider
from shared.auth import access_tokens
from shared.errors import Unauthorized


async def revoke(request: web.Request, provider: Provider) -> web.Response:
    """Raises OAuthError."""
    parameters = await of_form(request)
    parameters.check_single()
    token = parameters.load("token")
    client = await load_client(provider, request, parameters)
    request[TOLD].update(client_id=client.id)
    grant_id = await _grant_of(provider, token)
    grant = await store.find_live(provider.pool, grant_id) if grant_id else None
    if grant is not None and grant.client_id == client.id:
        await revoking.revoke(provider.pool, provider.redis, grant.id)
        kind, origin = events.REVOKED, origin_of(request)
        await events.record(provider.pool, grant.user_id, kind, origin, client.id)
    return fresh({"success": True})


async def _grant_of(provider: Provider, token: str) -> str | None:
    pool: Pool = provider.pool
    found = await store.find_refresh(pool, token)
    if found is not None:
        return found
    try:
        keys = await provider.keys.load_verifiers()
        return access_tokens.verify(token, keys, provider.issuer).session or None
    except Unauthorized:
        return None
