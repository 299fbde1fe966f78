"""405 for other methods, in OAuth's error format and with Allow (RFC 9110, section 15.5.6)."""

from collections.abc import Iterable

from aiohttp import hdrs, web

from control_plane.http.routing import add_route
from control_plane.identity.context import IdentityContext
from control_plane.oauth.errors import OAuthError
from control_plane.oauth.responses import Endpoint, oauth_handler


def refuse_other_methods(
    app: web.Application, context: IdentityContext, routes: Iterable[tuple[str, str]]
) -> None:
    """Call it once the routes, as (method, path), have been added."""
    allowed: dict[str, list[str]] = {}
    for method, path in routes:
        allowed.setdefault(path, []).append(method)
    for path, methods in allowed.items():
        add_route(app, hdrs.METH_ANY, path, oauth_handler(context, _refuse(", ".join(methods))))


def _refuse(allow: str) -> Endpoint:
    async def handle(_request: web.Request, _context: IdentityContext) -> web.Response:
        description = "this endpoint does not take this method"
        raise OAuthError("invalid_request", description, status=405, headers={"Allow": allow})

    return handle
