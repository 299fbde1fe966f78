"""The workers' own small web server: alive, ready, measured. Not for the public."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers.consumer.watchdog import Watchdog


@asynccontextmanager
async def serve(
    settings: Settings, metrics: WorkerMetrics, watchdog: Watchdog
) -> AsyncIterator[None]:
    """Listening inside, closed outside."""
    runner = web.AppRunner(_build(metrics, watchdog), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.workers_host, settings.workers_port).start()
        yield
    finally:
        await runner.cleanup()


def _build(metrics: WorkerMetrics, watchdog: Watchdog) -> web.Application:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        """Ready while every subscriber reads: a broker that answers is not enough."""
        running = watchdog.running()
        body = {"status": "ready" if running else "not_ready", "subscribers": running}
        return web.json_response(body, status=200 if running else 503)

    async def figures(_: web.Request) -> web.Response:
        body = generate_latest(metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/health", health)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/metrics", figures)
    return app
