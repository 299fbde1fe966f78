"""POST /oauth/token. What the database says is read, decided and changed in one transaction, which
is committed also when the answer is no; the tokens are signed after it.
"""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from control_plane.kit.database import Connection, transaction
from control_plane.kit.middleware import TOLD
from control_plane.oidc.answers import answer
from control_plane.oidc.endpoints.answering import fresh, origin_of
from control_plane.oidc.endpoints.clients import load_client
from control_plane.oidc.errors import OAuthError, invalid_grant
from control_plane.oidc.grants import by_code, by_device, by_refresh, revoking
from control_plane.oidc.grants.asking import Asking
from control_plane.oidc.grants.outcome import Issued, Outcome
from control_plane.oidc.parameters import of_form
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import CODE_GRANT, DEVICE_GRANT, REFRESH_GRANT

Exchange = Callable[[Connection, Asking], Awaitable[Outcome]]

GRANTS: dict[str, Exchange] = {
    CODE_GRANT: by_code.exchange,
    REFRESH_GRANT: by_refresh.exchange,
    DEVICE_GRANT: by_device.exchange,
}

log = structlog.get_logger()


async def token(request: web.Request, provider: Provider) -> web.Response:
    """Raises OAuthError."""
    parameters = await of_form(request)
    parameters.check_single()
    grant_type = parameters.load("grant_type")
    client = await load_client(provider, request, parameters)
    request[TOLD].update(client_id=client.id)
    if grant_type not in GRANTS:
        raise OAuthError("unsupported_grant_type", "this grant_type is not supported")
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", "this client may not use this grant_type")
    request[TOLD].update(grant_type=grant_type)
    asking = Asking(client, parameters, origin_of(request), provider.secret)
    return fresh(await _tokens(provider, GRANTS[grant_type], asking))


async def _tokens(provider: Provider, exchange: Exchange, asking: Asking) -> dict[str, object]:
    async with transaction(provider.pool) as connection:
        outcome = await exchange(connection, asking)
    if not isinstance(outcome, Issued):
        await revoking.announce(provider.redis, outcome.revoked)
        log.info("token.refused", client_id=asking.client.id, reason=outcome.reason)
        raise outcome.error
    body = await answer(provider, outcome)
    if body is None:
        await revoking.revoke(provider.pool, provider.redis, outcome.grant.id)
        raise invalid_grant()
    return body
