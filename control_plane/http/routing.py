"""Adds routes to an application. Every route answers an unknown expectation in the standard shape.

aiohttp checks `Expect` before any middleware runs, and its own refusal is plain text. For paths
without a route the edge refuses it.
"""

from aiohttp import hdrs, web

from control_plane.http.error_responses import error_response
from control_plane.http.middleware import Handler
from shared.auth.credentials import read_request_id
from shared.errors import ExpectationFailed

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def add_route(app: web.Application, method: str, path: str, handler: Handler) -> None:
    app.router.add_route(method, path, handler, expect_handler=_expect)


async def _expect(request: web.Request) -> web.StreamResponse | None:
    """RFC 9110, 10.1.1. Returns a response where the expectation cannot be met."""
    if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
        request_id = read_request_id(request.headers.get)
        response = error_response(ExpectationFailed(), request, request_id)
        response.headers["X-Request-Id"] = request_id
        return response
    await request.writer.write(_CONTINUE)
    request.writer.output_size = 0
    return None
