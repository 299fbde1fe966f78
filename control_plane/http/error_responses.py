"""Writes a refusal in the format that the caller reads.

Our own format is also OpenAI's. `/v1beta` is Gemini's API, and on `/v1/models`, which the SDKs of
three vendors share, Google's and Anthropic's send a header of their own.
"""

from collections.abc import Callable

from aiohttp import web

from shared import error_formats
from shared.errors import Refusal

GOOGLE_KEY = "x-goog-api-key"
"""https://ai.google.dev/gemini-api/docs/api-key"""

ANTHROPIC_VERSION = "anthropic-version"
"""Required by Anthropic's API: https://docs.anthropic.com/en/api/versioning"""

_GEMINI, _MODELS = "/v1beta/", "/v1/models"


def error_response(refusal: Refusal, request: web.Request, request_id: str) -> web.Response:
    """The refusal, with its headers."""
    return web.Response(
        body=_format_of(request)(refusal, request_id),
        status=refusal.status,
        headers=refusal.headers,
        content_type="application/json",
        charset="utf-8",
    )


def _format_of(request: web.Request) -> Callable[[Refusal, str], bytes]:
    if request.path.startswith(_GEMINI):
        return error_formats.google
    if request.path.startswith(_MODELS):
        if GOOGLE_KEY in request.headers:
            return error_formats.google
        if ANTHROPIC_VERSION in request.headers:
            return error_formats.anthropic
    return error_formats.openai
