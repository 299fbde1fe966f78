"""What an endpoint is given: the request, who makes it, and what it may work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from control_plane.api.access import Access
from control_plane.connections import Connections
from control_plane.kit.middleware import TOLD, Handler
from control_plane.oidc.grants import store as grants
from control_plane.oidc.provider import Provider
from control_plane.settings import Settings
from control_plane.users import service as users
from control_plane.users.records import User
from shared.errors import Unauthorized


@dataclass(frozen=True, slots=True)
class Plane:
    """The same for every call."""

    settings: Settings
    connections: Connections
    access: Access
    provider: Provider


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a signed-in user, checked."""

    request: web.Request
    plane: Plane
    user: User
    session: str = ""


Endpoint = Callable[[Call], Awaitable[web.Response]]
OpenEndpoint = Callable[[web.Request, Plane], Awaitable[web.Response]]


def signed_in(plane: Plane, scope: str, endpoint: Endpoint) -> Handler:
    """A handler for users whose token has this scope and who are still there."""

    async def handle(request: web.Request) -> web.Response:
        principal = await plane.access.check(request, scope)
        if not principal.api_key and await grants.is_revoked(
            plane.connections.pool, principal.session
        ):
            raise Unauthorized
        request[TOLD].update(user_id=principal.user_id, client_id=principal.client_id)
        user = await users.find(plane.connections.pool, principal.user_id)
        if user is None:
            raise Unauthorized
        return await endpoint(Call(request, plane, user, principal.session))

    return handle


def public(plane: Plane, endpoint: OpenEndpoint) -> Handler:
    """A handler for anybody."""

    async def handle(request: web.Request) -> web.Response:
        return await endpoint(request, plane)

    return handle
