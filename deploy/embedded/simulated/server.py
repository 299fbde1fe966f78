"""The simulated provider's routes: three vendors on one port, health, and what tests may ask."""

from aiohttp import web

from deploy.embedded.simulated import journal, models
from deploy.embedded.simulated.anthropic import routes as anthropic
from deploy.embedded.simulated.anthropic.caching import PromptCache
from deploy.embedded.simulated.anthropic.messages import CACHE
from deploy.embedded.simulated.google import routes as google
from deploy.embedded.simulated.openai import routes as openai
from deploy.embedded.simulated.openai.responses import STORED
from deploy.embedded.simulated.openai.responses_turns import Stored
from deploy.embedded.simulated.serving import record

BODY_MAX = 32 * 1024 * 1024


def build_app() -> web.Application:
    """The application; run it with `handler_cancellation`, or no leaving is noticed."""
    app = web.Application(client_max_size=BODY_MAX, middlewares=[record])
    app[journal.JOURNAL] = journal.Journal()
    app[STORED] = Stored()
    app[CACHE] = PromptCache()
    for method, path, handler in (
        *openai.ROUTES,
        *anthropic.ROUTES,
        *google.ROUTES,
        *models.ROUTES,
    ):
        app.router.add_route(method, path, handler)
    app.router.add_get("/sim/requests", journal.show)
    app.router.add_get("/health", health)
    return app


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "simulated": True})
