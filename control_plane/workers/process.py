"""The workers process: starts everything in order and stops it in reverse."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from control_plane.container import Container, open_container
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers import jobs
from control_plane.workers.change_relay import ChangeRelay
from control_plane.workers.consumer import consumer_groups, subscribers
from control_plane.workers.consumer.ingestion import Ingestion
from control_plane.workers.consumer.watchdog import Watchdog
from control_plane.workers.server import serve

_BROKER_GRACE_S_MAX = 10

log = structlog.get_logger()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Run until `stop` is set. A batch in progress is finished; unread entries stay pending."""
    metrics = WorkerMetrics(CollectorRegistry())
    async with AsyncExitStack() as stack:
        container = await stack.enter_async_context(open_container(settings))
        ingestion = Ingestion(container.pool, container.redis, metrics, stop)
        broker = subscribers.build(
            settings.redis_url.get_secret_value(),
            ingestion,
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
        await _run_jobs(container, metrics, watchdog, settings, stop)
    log.info("workers.stopped")


async def _run_jobs(
    container: Container,
    metrics: WorkerMetrics,
    watchdog: Watchdog,
    settings: Settings,
    stop: asyncio.Event,
) -> None:
    relay = ChangeRelay(container.pool, container.relay, metrics)
    periodic = jobs.list_jobs(container, settings, metrics, watchdog)
    async with asyncio.TaskGroup() as group:
        for loop in (relay.run(stop), *jobs.start(periodic, container, stop)):
            group.create_task(_stop_on_exit(loop, stop))


async def _stop_on_exit(loop: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """When one loop ends or fails, all stop and the process exits."""
    try:
        await loop
    finally:
        stop.set()
