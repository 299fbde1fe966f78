"""The routes of the simulated provider: three vendors on one port, health, the request log."""

from aiohttp import web

from deploy.simulators import models, request_log
from deploy.simulators.anthropic import routes as anthropic
from deploy.simulators.anthropic.caching import PromptCache
from deploy.simulators.anthropic.messages import CACHE
from deploy.simulators.google import routes as google
from deploy.simulators.openai import routes as openai
from deploy.simulators.openai.kept_objects import KEPT, KeptObjects
from deploy.simulators.openai.responses import STORED
from deploy.simulators.openai.stored import Stored
from deploy.simulators.playback import record

BODY_MAX = 32 * 1024 * 1024


def build_app() -> web.Application:
    """The application. Run it with `handler_cancellation`, or disconnects go unnoticed."""
    app = web.Application(client_max_size=BODY_MAX, middlewares=[record])
    app[request_log.JOURNAL] = request_log.Journal()
    app[STORED] = Stored()
    app[KEPT] = KeptObjects()
    app[CACHE] = PromptCache()
    for method, path, handler in (
        *openai.ROUTES,
        *anthropic.ROUTES,
        *google.ROUTES,
        *models.ROUTES,
    ):
        app.router.add_route(method, path, handler)
    app.router.add_get("/sim/requests", request_log.show)
    app.router.add_get("/health", health)
    return app


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "simulated": True})
