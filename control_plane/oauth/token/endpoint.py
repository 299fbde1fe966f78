"""POST /oauth/token (RFC 6749, section 3.2).

The grant is decided in one transaction, which commits also when the request is refused. Tokens are
signed afterwards. To add a grant type, add its module here and in GRANTS.
"""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from control_plane.http.middleware import LOG_FIELDS
from control_plane.identity.clients.records import CODE_GRANT, DEVICE_GRANT, REFRESH_GRANT
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.kit.client_info import client_info_of
from control_plane.kit.database import Connection, transaction
from control_plane.oauth.client_authentication import load_client
from control_plane.oauth.errors import OAuthError, invalid_grant
from control_plane.oauth.parameters import parse_form
from control_plane.oauth.responses import no_store_json
from control_plane.oauth.token import authorization_code, device_code, refresh_token
from control_plane.oauth.token.outcome import Issued, Outcome
from control_plane.oauth.token.request import TokenRequest
from control_plane.oauth.token.response import build_response

Exchange = Callable[[Connection, TokenRequest], Awaitable[Outcome]]

GRANTS: dict[str, Exchange] = {
    CODE_GRANT: authorization_code.exchange,
    REFRESH_GRANT: refresh_token.exchange,
    DEVICE_GRANT: device_code.exchange,
}

log = structlog.get_logger()


async def token(request: web.Request, context: IdentityContext) -> web.Response:
    """Raises OAuthError."""
    parameters = await parse_form(request)
    parameters.check_single()
    grant_type = parameters.load("grant_type")
    client = await load_client(context, request, parameters)
    request[LOG_FIELDS].update(client_id=client.id)
    if grant_type not in GRANTS:
        raise OAuthError("unsupported_grant_type", "this grant_type is not supported")
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", "this client may not use this grant_type")
    request[LOG_FIELDS].update(grant_type=grant_type)
    token_request = TokenRequest(client, parameters, client_info_of(request), context.secret)
    return no_store_json(await _tokens(context, GRANTS[grant_type], token_request))


async def _tokens(
    context: IdentityContext, exchange: Exchange, token_request: TokenRequest
) -> dict[str, object]:
    async with transaction(context.pool) as connection:
        outcome = await exchange(connection, token_request)
    if not isinstance(outcome, Issued):
        await revocation.publish_revocation(context.pool, context.redis, outcome.revoked)
        log.info("token.refused", client_id=token_request.client.id, reason=outcome.reason)
        raise outcome.error
    body = await build_response(context, outcome)
    if body is None:
        await revocation.revoke(context.pool, context.redis, outcome.grant.id)
        raise invalid_grant()
    return body
