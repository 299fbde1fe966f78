"""Low credits and write-offs, from the charge in Redis to the row in PostgreSQL."""

from prometheus_client import generate_latest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.ledger import loading
from control_plane.ledger.audit.auditor import Auditor
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, build_ingest, figure, read_outbox

ALERTS = (
    "SELECT event_type, threshold_percent, remaining, basis FROM credit_alerts "
    "ORDER BY occurred_at, threshold_percent DESC"
)


async def test_every_crossing_is_posted_once_and_counted(container: Container, user: User) -> None:
    spender = Spender(container.ledger, user.id)
    for cost in (79, 1, 16, 4):
        await spender.spend(cost * MICRO)
    ingestion = build_ingest(container)
    for _ in range(2):
        await ingestion.take(await read_outbox(container, user.id))
    rows = await container.pool.fetch(ALERTS)
    assert [tuple(row) for row in rows] == [
        ("credits.low", 20, 20 * MICRO, 100 * MICRO),
        ("credits.low", 5, 4 * MICRO, 100 * MICRO),
        ("credits.depleted", 0, 0, 100 * MICRO),
    ]
    reported = generate_latest(ingestion.metrics.registry).decode()
    assert 'headrace_credit_alerts_total{event_type="credits.low"} 2.0' in reported
    assert 'headrace_credit_alerts_total{event_type="credits.depleted"} 1.0' in reported
    assert (await Auditor(container.pool, container.redis).run()).clean


async def test_thresholds_are_the_tiers_and_the_basis_survives_a_reload(
    container: Container, user: User
) -> None:
    await container.pool.execute("UPDATE tiers SET alert_percents = '{10,50}'")
    await container.publisher.publish()
    spender = Spender(container.ledger, user.id)
    await spender.spend(30 * MICRO)
    await book_outbox(container, user.id)
    await container.redis.flushdb()
    await container.publisher.publish()
    await loading.load(container.pool, container.ledger, user.id)
    assert await figure(container, user.id, "basis") == 100 * MICRO
    await spender.spend(20 * MICRO)
    await book_outbox(container, user.id)
    rows = await container.pool.fetch(ALERTS)
    assert [row["threshold_percent"] for row in rows] == [50]


async def test_beyond_the_floor_the_deployment_bears_it(container: Container, user: User) -> None:
    """The plan's floor is 50 credits below zero: of 180 on 100, the last 30 are written off."""
    assert await container.redis.hget(account_key(user.id), "floor") == b"-50000000"
    await Spender(container.ledger, user.id).spend(180 * MICRO, 100 * MICRO)
    await book_outbox(container, user.id)
    books = await container.pool.fetch(
        "SELECT ledger_account, sum(amount) AS amount FROM ledger_entries "
        "WHERE ledger_account IN ('earned', 'writeoff', 'customer_debt') GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in books] == [
        ("customer_debt", -50 * MICRO),
        ("earned", 180 * MICRO),
        ("writeoff", -30 * MICRO),
    ]
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert (report.charged, report.written_off) == (150 * MICRO, 30 * MICRO)
    assert report.granted == report.charged + report.expired + report.balance
