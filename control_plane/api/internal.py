"""The only call between the planes: load an account into Redis. The edge does not route it."""

import hmac

from aiohttp import web

from control_plane.api.request import ApiContext
from control_plane.identity.users import service as users
from control_plane.ledger import loading
from shared.errors import NotFound, Unauthorized


async def load_account(http: web.Request, context: ApiContext) -> web.Response:
    """204 once Redis has the account, 503 while its shard recovers.

    Raises NotFound for an unknown account.
    """
    _check_token(http, context)
    account, container = http.match_info["id"], context.container
    if await users.find(container.pool, account) is None:
        raise NotFound("There is no such account.")
    await loading.load(container.pool, container.ledger, account)
    return web.Response(status=204)


def _check_token(http: web.Request, context: ApiContext) -> None:
    received = http.headers.get("Authorization", "").encode()
    expected = f"Bearer {context.settings.internal_token()}".encode()
    if not hmac.compare_digest(received, expected):
        raise Unauthorized("This endpoint is for the inference plane only.")
