"""The only call between the planes: bring an account into Redis. Never routed by the edge."""

import hmac

from aiohttp import web

from control_plane.api.call import Plane
from control_plane.credits import loading
from control_plane.users import service as users
from shared.errors import NotFound, Unauthorized


async def load_account(request: web.Request, plane: Plane) -> web.Response:
    """204 when Redis has the account; 404 for nobody's, 503 while its shard recovers."""
    _check_peer(request, plane)
    account, connections = request.match_info["id"], plane.connections
    if await users.find(connections.pool, account) is None:
        raise NotFound("There is no such account.")
    await loading.load(connections.pool, connections.ledger, account)
    return web.Response(status=204)


def _check_peer(request: web.Request, plane: Plane) -> None:
    given = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {plane.settings.internal_token()}".encode()
    if not hmac.compare_digest(given, wanted):
        raise Unauthorized("This is for the other plane only.")
