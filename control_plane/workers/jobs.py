"""What is done by the clock: lapsing, renewing, reconciling. Of several processes one does it.

An interval of 0 seconds switches a schedule off.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from control_plane.billing import renewal
from control_plane.container import Container
from control_plane.kit import clock
from control_plane.kit.database import turn
from control_plane.ledger import expiry
from control_plane.ledger.audit.auditor import Auditor
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers import cleanup, loops

_TIDY_EVERY_S = 600

log = structlog.get_logger()


def build(
    container: Container, settings: Settings, metrics: WorkerMetrics, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """The loops of the schedules that are switched on."""
    pool = container.pool

    async def lapse() -> None:
        await expiry.lapse_expired(pool, container.ledger)

    async def renew() -> None:
        await renewal.renew_due(pool)

    async def reconcile_books() -> None:
        await reconcile(container, metrics)

    async def tidy() -> None:
        await cleanup.tidy(container)

    wanted: tuple[tuple[str, int, Callable[[], Awaitable[None]]], ...] = (
        ("lapse", settings.lapse_every_s, lapse),
        ("renew", settings.renew_every_s, renew),
        ("tidy", _TIDY_EVERY_S, tidy),
        ("reconcile", settings.reconcile_every_s, reconcile_books),
    )
    return [
        loops.every(seconds, name, _in_turn(container, name, seconds, act), stop)
        for name, seconds, act in wanted
        if seconds
    ]


def _in_turn(
    container: Container, name: str, seconds: int, act: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        async with turn(container.pool, name, seconds) as mine:
            if mine:
                await act()

    return run


async def reconcile(container: Container, metrics: WorkerMetrics) -> None:
    """Prove every account; the run is recorded, and what disagrees is told, line by line."""
    report = await Auditor(container.pool, container.redis).run()
    for drift in report.drift:
        log.error(
            "reconciliation.drift",
            account=drift.account,
            rule=drift.rule,
            expected=drift.expected,
            found=drift.found,
        )
    metrics.drifting.set(len({drift.account for drift in report.drift}))
    metrics.strays.set(len(report.strays))
    metrics.reconciled_at.set(int(clock.now().timestamp()))
