"""The audit sees one micro-credit too many, one forgotten hold, one lost entry; nothing else."""

import json
from typing import Any

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.ledger.audit.report import AuditReport
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.keyspace import account_key, deadlines_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.support import operations


def rules(report: AuditReport) -> list[str]:
    return [drift.rule for drift in report.drift]


async def test_one_micro_credit_is_seen(
    settings: Settings, container: Container, user: User
) -> None:
    await operations.create_user(settings, "bystander@example.com")
    await container.relay.deliver()
    assert (await operations.audit(settings)).clean
    await container.redis.hincrby(account_key(user.id), "avail", 1)
    report = await operations.audit(settings)
    assert report.accounts == 2
    assert [(d.account, d.rule, d.found - d.expected) for d in report.drift] == [
        (user.id, "avail + held", 1)
    ]
    runs = await container.pool.fetch(
        "SELECT clean, report::text FROM reconciliation_runs ORDER BY id"
    )
    assert [run["clean"] for run in runs] == [True, False]
    assert json.loads(runs[1]["report"])["drift"][0]["account"] == user.id


async def test_a_live_hold_is_no_stray_and_a_forgotten_one_is(
    settings: Settings, container: Container, user: User
) -> None:
    request_id = await Spender(container.ledger, user.id).hold(5 * MICRO)
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.held == 5 * MICRO
    member = f"{request_id}|{user.id}"
    deadlines = deadlines_key(shard_of(user.id))
    due = await container.redis.zscore(deadlines, member)
    await container.redis.zadd(deadlines, {member: int(due or 0) - 60_000 - 25_000})
    report = await operations.audit(settings)
    assert [hold.request_id for hold in report.orphaned_holds] == [request_id]
    assert not report.clean
    assert not report.drift


async def test_an_entry_lost_on_the_way_is_seen(
    settings: Settings, container: Container, user: User
) -> None:
    await Spender(container.ledger, user.id).spend(7)
    assert (await operations.audit(settings)).pending == 1
    await container.redis.delete(outbox_key(shard_of(user.id)))
    assert rules(await operations.audit(settings)) == ["avail + held", "seq"]


async def test_a_hold_that_nobody_counts_is_seen(
    settings: Settings, container: Container, user: User
) -> None:
    await Spender(container.ledger, user.id).hold(9)
    await container.redis.delete(deadlines_key(shard_of(user.id)))
    assert rules(await operations.audit(settings)) == ["held"]


async def test_a_lot_changed_beside_the_books_is_seen(
    settings: Settings, container: Container, user: User
) -> None:
    await container.pool.execute("UPDATE lots SET remaining = remaining - 1")
    found = rules(await operations.audit(settings))
    assert found == ["avail + held", "balance of the customers"]


async def test_an_account_that_only_redis_knows_is_seen(
    settings: Settings, container: Container, user: User
) -> None:
    """Of an epoch that is over it is dead, and nobody could spend from it."""
    stranger = "11111111-1111-4111-8111-111111111111"
    fields: dict[Any, Any] = {"avail": 5, "held": 2, "epoch": 1}
    await container.redis.hset(account_key(stranger), mapping=fields)
    report = await operations.audit(settings)
    assert [(d.account, d.rule, d.found) for d in report.drift] == [
        (stranger, "unknown account", 7)
    ]
    assert report.accounts == 1
    await container.redis.hset(account_key(stranger), "epoch", 0)
    assert (await operations.audit(settings)).clean


async def test_a_grant_on_its_way_is_no_drift(
    settings: Settings, container: Container, user: User
) -> None:
    await operations.grant_credits(settings, user.email, 50)
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.balance == 150 * MICRO
