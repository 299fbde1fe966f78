"""The workers as one process: everything started in order, and ended in the other."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from control_plane.container import Container, open_container
from control_plane.metrics import WorkerMetrics
from control_plane.notifications.mailer import Postman
from control_plane.settings import Settings
from control_plane.workers import jobs, loops
from control_plane.workers.change_relay import Courier
from control_plane.workers.consumer import consumer_groups, subscribers
from control_plane.workers.consumer.ingestion import Ingest
from control_plane.workers.consumer.watchdog import Watchdog
from control_plane.workers.server import serve
from control_plane.workers.stream_trimmer import Janitor

_BROKER_GRACE_S_MAX = 10

log = structlog.get_logger()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Until `stop` is set. A batch being booked is finished; what was read and not begun stays
    pending and is reclaimed."""
    metrics = WorkerMetrics(CollectorRegistry())
    async with AsyncExitStack() as stack:
        container = await stack.enter_async_context(open_container(settings))
        ingest = Ingest(container.pool, container.redis, metrics, stop)
        broker = subscribers.build(
            settings.redis_url.get_secret_value(),
            ingest,
            reclaim_idle_ms=settings.reclaim_idle_ms,
            grace_s=min(settings.shutdown_grace_s, _BROKER_GRACE_S_MAX),
        )
        watchdog = Watchdog(container.redis, broker)
        await stack.enter_async_context(serve(settings, metrics, watchdog))
        await container.publisher.publish()
        await consumer_groups.ensure(container.redis)
        await broker.start()
        stack.push_async_callback(broker.stop)
        log.info("workers.started", port=settings.workers_port)
        await _work(container, metrics, watchdog, (settings, stop))
    log.info("workers.stopped")


async def _work(
    container: Container,
    metrics: WorkerMetrics,
    watchdog: Watchdog,
    terms: tuple[Settings, asyncio.Event],
) -> None:
    settings, stop = terms
    courier = Courier(container.pool, container.relay, metrics)
    janitor = Janitor(container.redis, metrics)
    loops_all = (
        courier.run(stop),
        loops.every(1, "directory", container.publisher.publish, stop),
        loops.every(1, "watchdog", watchdog.look, stop),
        loops.every(5, "janitor", janitor.clean, stop),
        *_post(container, settings, stop),
        *jobs.build(container, settings, metrics, stop),
    )
    async with asyncio.TaskGroup() as group:
        for loop in loops_all:
            group.create_task(_or_stop(loop, stop))


def _post(
    container: Container, settings: Settings, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """Sends mail, where there is a server for it."""
    if settings.smtp_url is None:
        return []
    postman = Postman(container.pool, settings.smtp_url.get_secret_value(), settings.mail_from)
    return [loops.every(2, "mail", postman.send_due, stop)]


async def _or_stop(loop: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """When one of them fails all end, and the process with them."""
    try:
        await loop
    finally:
        stop.set()
