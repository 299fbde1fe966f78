"""Builds the control plane's web application from its parts, and serves it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from control_plane.api.request import ApiContext
from control_plane.api.routes import add_internal_routes
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
    """The public application. The caller closes the container."""
    return build_apps(settings, container)[0]


def build_apps(settings: Settings, container: Container) -> tuple[web.Application, web.Application]:
    """The public application, and the internal one for the port that the edge does not reach."""
    metrics = HttpMetrics(CollectorRegistry())
    identity = build_identity(settings, container)
    authenticator = Authenticator(container.keys, settings.public_url, container.redis)
    context = ApiContext(settings, container, authenticator, identity)
    public, internal = (
        web.Application(middlewares=[observe(metrics)], client_max_size=_BODY_BYTES_MAX)
        for _ in range(2)
    )
    add_api(public, context)
    add_oauth(public, identity)
    add_pages(public, identity, mailbox=settings.mailbox)
    add_internal_routes(internal, context, metrics.registry)
    return public, internal


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
    async with AsyncExitStack() as stack:
        container = await stack.enter_async_context(open_container(settings))
        await container.publisher.publish()
        ports = (settings.control_port, settings.internal_port)
        for app, port in zip(build_apps(settings, container), ports, strict=True):
            await stack.enter_async_context(_serving(app, settings, port))
        log.info("web.started", port=settings.control_port, internal_port=settings.internal_port)
        await stop.wait()
    log.info("web.stopped")


@asynccontextmanager
async def _serving(app: web.Application, settings: Settings, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.shutdown_grace_s)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.control_host, port).start()
        yield
    finally:
        await runner.cleanup()
