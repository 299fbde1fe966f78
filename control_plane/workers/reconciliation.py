"""Runs the audit as a job: logs each account that disagrees and exports the totals as metrics."""

import structlog

from control_plane.container import Container
from control_plane.kit import clock
from control_plane.ledger.audit.auditor import Auditor
from control_plane.metrics import WorkerMetrics

log = structlog.get_logger()


async def reconcile(container: Container, metrics: WorkerMetrics) -> None:
    """Audit every account; the run is recorded in PostgreSQL."""
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
    metrics.orphaned_holds.set(len(report.orphaned_holds))
    metrics.reconciled_at.set(int(clock.now().timestamp()))
