"""`/v1/models` is OpenAI's and Anthropic's; the header `anthropic-version` tells which is asked."""

from aiohttp import web

from deploy.embedded.simulated.anthropic import models as anthropic
from deploy.embedded.simulated.anthropic.errors import ANTHROPIC
from deploy.embedded.simulated.openai import models as openai
from deploy.embedded.simulated.openai.errors import CHAT
from deploy.embedded.simulated.serving import Handler, lookup


def _either(of_openai: Handler, of_anthropic: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        chosen = of_anthropic if "anthropic-version" in request.headers else of_openai
        return await chosen(request)

    return handle


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    (
        "GET",
        "/v1/models",
        _either(lookup(CHAT, openai.list_models), lookup(ANTHROPIC, anthropic.list_models)),
    ),
    (
        "GET",
        "/v1/models/{model}",
        _either(lookup(CHAT, openai.load_model), lookup(ANTHROPIC, anthropic.load_model)),
    ),
)
