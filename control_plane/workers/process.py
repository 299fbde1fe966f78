"""The workers as one process: everything started in order, and ended in the other."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from control_plane.connections import Connections, opened
from control_plane.mail.postman import Postman
from control_plane.settings import Settings
from control_plane.workers import groups, loops, schedules, subscribers
from control_plane.workers.courier import Courier
from control_plane.workers.ingest import Ingest
from control_plane.workers.janitor import Janitor
from control_plane.workers.metrics import Metrics
from control_plane.workers.server import serve
from control_plane.workers.watchdog import Watchdog

_BROKER_GRACE_S_MAX = 10

log = structlog.get_logger()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Until `stop` is set. A batch being booked is finished; what was read and not begun stays
    pending and is reclaimed."""
    metrics = Metrics(CollectorRegistry())
    async with AsyncExitStack() as stack:
        connections = await stack.enter_async_context(opened(settings))
        ingest = Ingest(connections.pool, connections.redis, metrics, stop)
        broker = subscribers.build(
            settings.redis_url.get_secret_value(),
            ingest,
            reclaim_idle_ms=settings.reclaim_idle_ms,
            grace_s=min(settings.shutdown_grace_s, _BROKER_GRACE_S_MAX),
        )
        watchdog = Watchdog(connections.redis, broker)
        await stack.enter_async_context(serve(settings, metrics, watchdog))
        await connections.publisher.publish()
        await groups.ensure(connections.redis)
        await broker.start()
        stack.push_async_callback(broker.stop)
        log.info("workers.started", port=settings.workers_port)
        await _work(connections, metrics, watchdog, (settings, stop))
    log.info("workers.stopped")


async def _work(
    connections: Connections,
    metrics: Metrics,
    watchdog: Watchdog,
    terms: tuple[Settings, asyncio.Event],
) -> None:
    settings, stop = terms
    courier = Courier(connections.pool, connections.relay, metrics)
    janitor = Janitor(connections.redis, metrics)
    loops_all = (
        courier.run(stop),
        loops.every(1, "directory", connections.publisher.publish, stop),
        loops.every(1, "watchdog", watchdog.look, stop),
        loops.every(5, "janitor", janitor.clean, stop),
        *_post(connections, settings, stop),
        *schedules.build(connections, settings, metrics, stop),
    )
    async with asyncio.TaskGroup() as group:
        for loop in loops_all:
            group.create_task(_or_stop(loop, stop))


def _post(
    connections: Connections, settings: Settings, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """Sends mail, where there is a server for it."""
    if settings.smtp_url is None:
        return []
    postman = Postman(connections.pool, settings.smtp_url.get_secret_value(), settings.mail_from)
    return [loops.every(2, "mail", postman.send_due, stop)]


async def _or_stop(loop: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """When one of them fails all end, and the process with them."""
    try:
        await loop
    finally:
        stop.set()
