"""What runs by the clock: expiring, renewing, reconciling; by one process of several."""

import asyncio
from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from control_plane.billing import renewal
from control_plane.container import Container, open_container
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.kit.leader_lock import leader_lock
from control_plane.ledger import accounts, expiry
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.audit.auditor import Auditor
from control_plane.ledger.records import NewLot, Source
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers import reconciliation
from shared import keyspace
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, figure
from tests.support import operations

PERIODS = "SELECT period, starts_at, ends_at, lot IS NOT NULL FROM subscription_periods ORDER BY 1"


async def test_one_of_several_processes_has_the_lock(
    settings: Settings, container: Container
) -> None:
    async with open_container(settings) as other:
        async with leader_lock(container.pool, "sweeping", 60) as first:
            async with leader_lock(other.pool, "sweeping", 60) as second:
                pass
        async with (
            leader_lock(other.pool, "sweeping", 60) as again,
            leader_lock(other.pool, "x", 60) as another,
        ):
            pass
        await container.pool.execute("UPDATE job_runs SET ran_at = now() - interval '1 minute'")
        async with leader_lock(other.pool, "sweeping", 60) as later:
            pass
    assert (first, second, again, another, later) == (True, False, False, True, True)


async def _grant_expired(container: Container, account: str) -> None:
    yesterday = clock.now() - timedelta(days=1)
    async with transaction(container.pool) as connection:
        lot = NewLot(Source.PROMO, 5 * MICRO, yesterday)
        await credit_grants.grant(connection, account, lot)
    await container.relay.deliver()


@pytest.mark.parametrize("cold", [False, True])
async def test_expired_lots_are_removed_without_requests(
    container: Container, user: User, cold: bool
) -> None:
    await _grant_expired(container, user.id)
    if cold:
        await container.redis.flushdb()
        await container.publisher.publish()
    assert await expiry.expire_lots(container.pool, container.ledger) == 1
    assert await expiry.expire_lots(container.pool, container.ledger) == 0
    assert await figure(container, user.id, "avail") == 100 * MICRO
    await book_outbox(container, user.id)
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert (report.expired, report.balance) == (5 * MICRO, 100 * MICRO)
    lots = "SELECT count(*) FROM lots WHERE expires_at < now() AND remaining > 0"
    assert await container.pool.fetchval(lots) == 0


async def _end_period(container: Container, anchor: datetime) -> None:
    await container.pool.execute(
        "UPDATE subscriptions SET anchor_at = $1, current_period_start = $1, "
        "current_period_end = $1::timestamptz + interval '1 month'",
        anchor,
    )


async def test_a_period_begins_once_whoever_and_however_often(
    settings: Settings, container: Container, user: User
) -> None:
    """Enterprise brings 1,000,000 credits a month; the old month's 100 expire by themselves."""
    await _end_period(container, clock.now() - timedelta(days=32))
    async with open_container(settings) as other:
        both = (container, other) * 4
        renewed = await asyncio.gather(*(renewal.renew_due(each.pool) for each in both))
    assert sum(renewed) == 1
    assert await renewal.renew_due(container.pool) == 0
    periods = await container.pool.fetch(PERIODS)
    assert [(row[0], row[3]) for row in periods] == [(0, True), (1, True)]
    assert periods[1]["starts_at"] < clock.now() < periods[1]["ends_at"]
    await container.relay.deliver()
    assert await figure(container, user.id, "avail") == 1_000_100 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_renewal_delivered_again_grants_once(container: Container, user: User) -> None:
    """As if its process had died before it could say that the period had begun."""
    for _ in range(3):
        await _end_period(container, clock.now() - timedelta(days=32))
        await renewal.renew_due(container.pool)
    assert await container.pool.fetchval("SELECT count(*) FROM lots") == 2


async def test_a_plans_new_floor_holds_from_the_next_period_on(
    container: Container, user: User
) -> None:
    await container.pool.execute("UPDATE plans SET floor_micro = -3000000")
    await _end_period(container, clock.now() - timedelta(days=32))
    assert await renewal.renew_due(container.pool) == 1
    await container.relay.deliver()
    assert await figure(container, user.id, "floor") == -3 * MICRO
    assert (await Auditor(container.pool, container.redis).run()).clean


async def test_months_missed_are_not_made_up_and_the_day_is_kept(
    container: Container, user: User
) -> None:
    anchor = datetime(2024, 1, 31, 12, tzinfo=UTC)
    await _end_period(container, anchor)
    assert await renewal.renew_due(container.pool) == 1
    assert await renewal.renew_due(container.pool) == 0
    row = await container.pool.fetchrow(
        "SELECT s.current_period_start, s.current_period_end, p.period FROM subscriptions s "
        "JOIN subscription_periods p ON p.starts_at = s.current_period_start"
    )
    assert row is not None
    start, end, number = row
    months = number % 12
    assert start.month == months + 1
    assert (end - start).days in range(28, 32)
    assert start.day == monthrange(start.year, start.month)[1]


async def test_a_subscription_that_was_cancelled_ends(container: Container, user: User) -> None:
    await _end_period(container, clock.now() - timedelta(days=32))
    await container.pool.execute("UPDATE subscriptions SET cancel_at_period_end = true")
    assert await renewal.renew_due(container.pool) == 1
    assert await container.pool.fetchval("SELECT status FROM subscriptions") == "expired"
    assert await container.pool.fetchval("SELECT count(*) FROM lots") == 1


async def test_reconciling_tells_of_drift_and_holds_grants_back_until_it_is_mended(
    settings: Settings, container: Container, user: User
) -> None:
    """Use goes on meanwhile, and so does everything else that is not a grant to that account."""
    metrics = WorkerMetrics(CollectorRegistry())
    other = await operations.create_user(settings, "other@example.com", "pro", 10)
    await container.relay.deliver()
    await container.redis.hincrby(account_key(user.id), "avail", 1)
    await reconciliation.reconcile(container, metrics)
    assert _value(metrics, "headrace_reconciliation_drift_accounts") == 1
    assert _value(metrics, "headrace_reconciliation_last_run_timestamp_seconds") > 0
    await operations.grant_credits(settings, user.email, 7)
    await operations.grant_credits(settings, other.email, 7)
    async with transaction(container.pool) as connection:
        await accounts.amend(connection, user.id, "active", "pro")
    assert await container.relay.deliver() == 1
    assert await figure(container, user.id, "avail") == 100 * MICRO + 1
    assert (await Spender(container.ledger, user.id).spend(1 * MICRO)).outcome == "settled"
    await container.redis.hincrby(account_key(user.id), "avail", -1)
    await reconciliation.reconcile(container, metrics)
    assert _value(metrics, "headrace_reconciliation_drift_accounts") == 0
    assert await container.relay.deliver() == 2
    assert await figure(container, user.id, "avail") == 106 * MICRO
    runs = await container.pool.fetch("SELECT clean FROM reconciliation_runs ORDER BY id")
    assert [run["clean"] for run in runs] == [False, True]


async def test_a_change_before_the_grant_that_waits_is_not_held_back(
    container: Container, user: User
) -> None:
    await container.pool.execute("UPDATE accounts SET frozen_at = now()")
    async with transaction(container.pool) as connection:
        await accounts.amend(connection, user.id, "suspended", "pro")
    assert await container.relay.deliver() == 1
    assert await container.redis.hget(account_key(user.id), "state") == b"suspended"


async def test_a_forgotten_hold_is_counted(container: Container, user: User) -> None:
    metrics = WorkerMetrics(CollectorRegistry())
    request_id = await Spender(container.ledger, user.id).hold(5 * MICRO)
    deadlines = keyspace.deadlines_key(keyspace.shard_of(user.id))
    await container.redis.zincrby(deadlines, -90_000, f"{request_id}|{user.id}")
    await reconciliation.reconcile(container, metrics)
    assert _value(metrics, "headrace_reconciliation_orphaned_holds") == 1


def _value(metrics: WorkerMetrics, name: str) -> float:
    return metrics.registry.get_sample_value(name) or 0
