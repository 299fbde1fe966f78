"""CORS (WHATWG Fetch) for browser-based clients.

In addition to the origins that the edge allows, these endpoints allow the origins of registered web
clients, without credentials: no endpoint here reads a cookie. Source: Fetch, "CORS protocol",
https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.context import IdentityContext

_METHODS, _HEADERS = "GET, POST", "Authorization, Content-Type"
_MAX_AGE_S = 600


async def preflight(request: web.Request, context: IdentityContext) -> web.Response:
    """204; only a registered origin gets CORS headers."""
    response = await allow(request, context, web.Response(status=204))
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = str(_MAX_AGE_S)
    return response


async def allow(
    request: web.Request, context: IdentityContext, response: web.Response
) -> web.Response:
    """Allow a registered origin to read the response."""
    origin = request.headers.get("Origin", "")
    if not origin or "Access-Control-Allow-Origin" in response.headers:
        return response
    response.headers["Vary"] = "Origin"
    if "\0" not in origin and await clients.is_web_origin(context.pool, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
