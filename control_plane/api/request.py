"""What an endpoint receives: the HTTP request, the authenticated user, and the plane's services."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from redis.asyncio import Redis

from control_plane.container import Container
from control_plane.http.authentication import Authenticator
from control_plane.http.middleware import LOG_FIELDS, Handler
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import store as grants
from control_plane.identity.users import service as users
from control_plane.identity.users.records import User
from control_plane.kit.database import Pool
from control_plane.settings import Settings
from shared.auth.principal import Principal
from shared.errors import AccountSuspended, Unauthorized


@dataclass(frozen=True, slots=True)
class ApiContext:
    """Built once per process; the same for every request."""

    settings: Settings
    container: Container
    authenticator: Authenticator
    identity: IdentityContext


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request of an authenticated user."""

    http: web.Request
    context: ApiContext
    user: User
    principal: Principal

    @property
    def session(self) -> str:
        """The grant's id; empty for an API key."""
        return self.principal.session

    @property
    def pool(self) -> Pool:
        return self.context.container.pool

    @property
    def redis(self) -> Redis:
        return self.context.container.redis

    @property
    def identity(self) -> IdentityContext:
        return self.context.identity


Endpoint = Callable[[ApiRequest], Awaitable[web.Response]]
OpenEndpoint = Callable[[web.Request, ApiContext], Awaitable[web.Response]]


def authenticated(context: ApiContext, scope: str, endpoint: Endpoint) -> Handler:
    """A handler that requires a token or key with this scope, of an active user."""

    async def handle(http: web.Request) -> web.Response:
        principal = await context.authenticator.verify(http)
        pool = context.container.pool
        http[LOG_FIELDS].update(user_id=principal.user_id, client_id=principal.client_id)
        user = await users.find(pool, principal.user_id)
        if user is None:
            raise Unauthorized
        if user.state != "active":
            raise AccountSuspended
        if not principal.api_key and await grants.is_revoked(pool, principal.session):
            raise Unauthorized
        principal.require(scope)
        return await endpoint(ApiRequest(http, context, user, principal))

    return handle


async def signed_in(http: web.Request, context: ApiContext) -> str:
    """The id of the user whose live access token was sent; empty without one."""
    try:
        principal = await context.authenticator.verify(http)
    except Unauthorized:
        return ""
    ended = await grants.is_revoked(context.container.pool, principal.session)
    return "" if ended else principal.user_id


def public(context: ApiContext, endpoint: OpenEndpoint) -> Handler:
    """A handler without authentication."""

    async def handle(http: web.Request) -> web.Response:
        return await endpoint(http, context)

    return handle
