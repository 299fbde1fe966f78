"""Writes a refusal in the format that the caller reads."""

from aiohttp import web

from shared import error_formats
from shared.errors import Refusal


def error_response(refusal: Refusal, request: web.Request, request_id: str) -> web.Response:
    """The refusal, with its headers."""
    write = error_formats.choose(request.path, request.headers.get)
    return web.Response(
        body=write(refusal, request_id),
        status=refusal.status,
        headers=refusal.headers,
        content_type="application/json",
        charset="utf-8",
    )
