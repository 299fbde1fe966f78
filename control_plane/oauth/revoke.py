"""POST /oauth/revoke (RFC 7009): revokes the grant of a refresh or access token.

Unknown tokens and tokens of other clients are ignored (section 2.2), as is token_type_hint.
"""

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.http.middleware import LOG_FIELDS
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation, store
from control_plane.kit.client_info import client_info_of
from control_plane.kit.database import Pool
from control_plane.oauth.client_authentication import load_client
from control_plane.oauth.parameters import parse_form
from control_plane.oauth.responses import no_store_json
from shared.auth import access_tokens
from shared.errors import Unauthorized


async def revoke(request: web.Request, context: IdentityContext) -> web.Response:
    """Raises OAuthError."""
    parameters = await parse_form(request)
    parameters.check_single()
    token = parameters.load("token")
    client = await load_client(context, request, parameters)
    request[LOG_FIELDS].update(client_id=client.id)
    grant_id = await _grant_of(context, token)
    grant = await store.find_live(context.pool, grant_id) if grant_id else None
    if grant is not None and grant.client_id == client.id:
        await revocation.revoke(context.pool, context.redis, grant.id)
        kind, origin = activity.SIGNED_OUT, client_info_of(request)
        await activity.record(context.pool, grant.user_id, kind, origin, client.id)
    return no_store_json({"success": True})


async def _grant_of(context: IdentityContext, token: str) -> str | None:
    pool: Pool = context.pool
    found = await store.find_refresh(pool, token)
    if found is not None:
        return found
    try:
        keys = await context.keys.load_verifiers()
        return access_tokens.verify(token, keys, context.issuer).session or None
    except Unauthorized:
        return None
