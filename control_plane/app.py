"""The control plane's web application: the one place where its parts are put together."""

import asyncio

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from control_plane.api.access import Access
from control_plane.api.call import Plane
from control_plane.api.routes import add_routes
from control_plane.connections import Connections, opened
from control_plane.kit.cookies import Cookies
from control_plane.kit.middleware import Figures, observe
from control_plane.kit.throttle import Throttle
from control_plane.oidc.endpoints.routes import add_routes as add_provider
from control_plane.oidc.provider import Provider
from control_plane.pages.routes import add_routes as add_pages
from control_plane.settings import Settings

_BODY_BYTES_MAX = 1024 * 1024

log = structlog.get_logger()


def build_app(settings: Settings, connections: Connections) -> web.Application:
    """An application over open connections; who opened them closes them."""
    figures = Figures(CollectorRegistry())
    access = Access(connections.keys, settings.public_url, connections.redis)
    provider = assemble_provider(settings, connections)
    plane = Plane(settings, connections, access, provider)
    app = web.Application(middlewares=[observe(figures)], client_max_size=_BODY_BYTES_MAX)
    add_routes(app, plane, figures.registry)
    add_provider(app, provider)
    add_pages(app, provider, mailbox=settings.mailbox)
    return app


def assemble_provider(settings: Settings, connections: Connections) -> Provider:
    """What signs people in."""
    return Provider(
        settings.public_url,
        connections.pool,
        connections.redis,
        connections.keys,
        settings.derived_key("sign-in"),
        Cookies(settings.public_url),
        Throttle(connections.redis),
    )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set, then finish what is being answered, within the grace."""
    async with opened(settings) as connections:
        await connections.publisher.publish()
        runner = web.AppRunner(
            build_app(settings, connections),
            access_log=None,
            shutdown_timeout=settings.shutdown_grace_s,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.control_host, settings.control_port).start()
            log.info("web.started", port=settings.control_port)
            await stop.wait()
        finally:
            await runner.cleanup()
    log.info("web.stopped")
