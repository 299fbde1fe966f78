"""`/v1/models` is shared by two vendors: the header with the key tells which one is meant.

Source: https://docs.anthropic.com/en/api/versioning; https://ai.google.dev/gemini-api/docs/api-key.
"""

from aiohttp import web

from deploy.simulators.anthropic import models as anthropic
from deploy.simulators.anthropic.errors import ANTHROPIC
from deploy.simulators.google import routes as google
from deploy.simulators.openai import models as openai
from deploy.simulators.openai.errors import CHAT
from deploy.simulators.playback import Handler, lookup


def _by_header(of_openai: Handler, of_anthropic: Handler, of_google: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if "x-goog-api-key" in request.headers or "key" in request.query:
            return await of_google(request)
        is_anthropic = "anthropic-version" in request.headers
        return await (of_anthropic if is_anthropic else of_openai)(request)

    return handle


_LIST = _by_header(
    lookup(CHAT, openai.list_models), lookup(ANTHROPIC, anthropic.list_models), google.LIST
)
_LOAD = _by_header(
    lookup(CHAT, openai.load_model), lookup(ANTHROPIC, anthropic.load_model), google.LOAD
)

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/v1/models", _LIST),
    ("GET", "/v1/models/{model}", _LOAD),
)
