"""CORS (fetch.spec.whatwg.org) for websites that sign people in without a server of their own.

Whatever origins the edge lets in everywhere, these endpoints answer those of registered websites,
and without credentials: nothing here reads a cookie.
"""

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.context import IdentityContext

_METHODS, _HEADERS = "GET, POST", "Authorization, Content-Type"
_KEPT_S = 600


async def preflight(request: web.Request, context: IdentityContext) -> web.Response:
    """204 either way; an origin that is not known gets no leave."""
    response = await allow(request, context, web.Response(status=204))
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = str(_KEPT_S)
    return response


async def allow(
    request: web.Request, context: IdentityContext, response: web.Response
) -> web.Response:
    """The response, with leave to read it for a website that is registered."""
    origin = request.headers.get("Origin", "")
    if not origin or "Access-Control-Allow-Origin" in response.headers:
        return response
    response.headers["Vary"] = "Origin"
    if "\0" not in origin and await clients.is_web_origin(context.pool, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
