"""Builds the control plane's web application from its parts, and serves it."""

import asyncio

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from control_plane.api.request import ApiContext
from control_plane.api.routes import add_routes as add_api
from control_plane.container import Container, open_container
from control_plane.http.authentication import Authenticator
from control_plane.http.middleware import observe
from control_plane.identity.context import IdentityContext
from control_plane.identity.throttle import Throttle
from control_plane.kit.cookies import Cookies
from control_plane.metrics import HttpMetrics
from control_plane.oauth.routes import add_routes as add_oauth
from control_plane.pages.routes import add_routes as add_pages
from control_plane.settings import Settings

_BODY_BYTES_MAX = 1024 * 1024

log = structlog.get_logger()


def build_app(settings: Settings, container: Container) -> web.Application:
    """The application. The caller closes the container."""
    metrics = HttpMetrics(CollectorRegistry())
    authenticator = Authenticator(container.keys, settings.public_url, container.redis)
    identity = build_identity(settings, container)
    app = web.Application(middlewares=[observe(metrics)], client_max_size=_BODY_BYTES_MAX)
    add_api(app, ApiContext(settings, container, authenticator, identity), metrics.registry)
    add_oauth(app, identity)
    add_pages(app, identity, mailbox=settings.mailbox)
    return app


def build_identity(settings: Settings, container: Container) -> IdentityContext:
    """The services that sign users in."""
    return IdentityContext(
        settings.public_url,
        container.pool,
        container.redis,
        container.keys,
        settings.derived_key("sign-in"),
        Cookies(settings.public_url),
        Throttle(container.redis),
    )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set, then finish running requests within the grace period."""
    async with open_container(settings) as container:
        await container.publisher.publish()
        runner = web.AppRunner(
            build_app(settings, container),
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
