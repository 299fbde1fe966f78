"""The workers' internal HTTP server: liveness, readiness and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from control_plane.http import health
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers.consumer.watchdog import Watchdog


@asynccontextmanager
async def serve(
    settings: Settings, metrics: WorkerMetrics, watchdog: Watchdog
) -> AsyncIterator[None]:
    """Listen while the context is open."""
    runner = web.AppRunner(_build(metrics, watchdog), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.workers_host, settings.workers_port).start()
        yield
    finally:
        await runner.cleanup()


def _build(metrics: WorkerMetrics, watchdog: Watchdog) -> web.Application:
    async def ready(_: web.Request) -> web.Response:
        """Ready while every subscriber is reading; a reachable broker is not enough."""
        running = watchdog.running()
        body = {"status": "ready" if running else "not_ready", "subscribers": running}
        return web.json_response(body, status=200 if running else 503)

    app = web.Application()
    app.router.add_get("/health", health.live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/metrics", health.metrics(metrics.registry))
    return app
