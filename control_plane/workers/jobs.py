"""Every periodic job of the workers, as one table. To add a job, add a row."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from control_plane.billing import renewal
from control_plane.container import Container
from control_plane.identity import recovery
from control_plane.kit.leader_lock import leader_lock
from control_plane.ledger import expiry
from control_plane.metrics import WorkerMetrics
from control_plane.notifications.mailer import Mailer
from control_plane.settings import Settings
from control_plane.workers import cleanup, loops, reconciliation
from control_plane.workers.consumer.watchdog import Watchdog
from control_plane.workers.stream_trimmer import StreamTrimmer

_CLEANUP_EVERY_S = 600


@dataclass(frozen=True, slots=True)
class Job:
    """`every_s` 0 disables it. An `exclusive` job is run by one of several processes at a time."""

    name: str
    every_s: int
    run: Callable[[], Awaitable[object]]
    exclusive: bool = False


def list_jobs(
    container: Container, settings: Settings, metrics: WorkerMetrics, watchdog: Watchdog
) -> tuple[Job, ...]:
    """The table, with the jobs that these settings disable."""
    pool, ledger = container.pool, container.ledger
    trimmer = StreamTrimmer(container.redis, metrics)
    return (
        Job("publishing", 1, container.publisher.publish),
        Job("watchdog", 1, watchdog.check),
        Job("stream_trimmer", 5, trimmer.trim),
        Job("password_resets", 1, lambda: recovery.send_requested(pool, settings.links)),
        *_mailer(container, settings),
        Job(
            "lot_expiry",
            settings.lot_expiry_every_s,
            lambda: expiry.expire_lots(pool, ledger),
            True,
        ),
        Job("subscription_renewal", settings.renew_every_s, lambda: renewal.renew_due(pool), True),
        Job("cleanup", _CLEANUP_EVERY_S, lambda: cleanup.clean_up(container), True),
        Job(
            "reconciliation",
            settings.reconcile_every_s,
            lambda: reconciliation.reconcile(container, metrics),
            True,
        ),
    )


def start(
    jobs: tuple[Job, ...], container: Container, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """A loop for each enabled job; each runs until `stop` is set."""
    return [
        loops.every(job.every_s, job.name, _exclusively(job, container), stop)
        for job in jobs
        if job.every_s
    ]


def _mailer(container: Container, settings: Settings) -> tuple[Job, ...]:
    """Only where an SMTP server is configured."""
    if settings.smtp_url is None:
        return ()
    mailer = Mailer(container.pool, settings.smtp_url.get_secret_value(), settings.mail_from)
    return (Job("mailer", 2, mailer.send_due),)


def _exclusively(job: Job, container: Container) -> Callable[[], Awaitable[object]]:
    if not job.exclusive:
        return job.run

    async def run() -> None:
        async with leader_lock(container.pool, job.name, job.every_s) as acquired:
            if acquired:
                await job.run()

    return run
