"""A settle after the sweep, to the end: booked in PostgreSQL, where it comes to what Redis has.

A floor of 50 credits: whoever starts with 100 and is swept at 180 owes 50 and is let off 30.
"""

from typing import Any

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.ledger import loading
from control_plane.ledger.audit.report import AuditReport
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.keyspace import account_key, hold_key, lot_order_key
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, build_ingest, read_outbox
from tests.integration.control_plane.test_loss import agree, lose_redis
from tests.support import operations


@pytest.fixture
def spender(container: Container, user: User) -> Spender:
    return Spender(container.ledger, user.id)


async def sweep(container: Container, spender: Spender, held: int, reported: int) -> str:
    """A request that is charged what its replica had reported; in credits."""
    account, request_id = spender.account, await spender.hold(held * MICRO)
    await container.ledger.progress(account, request_id, reported * MICRO, 60_000)
    await container.redis.hset(hold_key(account, request_id), "deadline", "1")
    assert (await container.ledger.sweep(account, request_id)).outcome == "expired"
    return request_id


async def settle(container: Container, spender: Spender, request_id: str, cost: int) -> None:
    event = spender.event(request_id)
    reported = await container.ledger.settle(spender.account, request_id, cost * MICRO, 42, event)
    assert (reported.outcome, reported.charged) == ("adjusted", cost * MICRO)


async def grant(settings: Settings, container: Container, amount: int) -> None:
    await operations.grant_credits(settings, "ada@example.com", amount)
    await container.relay.deliver()


async def open_next_epoch(container: Container, account: str) -> None:
    """As after a restart: what Redis holds is there, but nobody can know that it is all."""
    await container.pool.execute("UPDATE shards SET server = 'another'")
    assert await container.publisher.publish()
    assert await loading.load(container.pool, container.ledger, account) == "loaded"


async def spent(container: Container) -> int:
    """What the history says, in credits."""
    micro = await container.pool.fetchval("SELECT sum(credits_micro) FROM usage_history")
    return int(micro) // MICRO


def credits(report: AuditReport) -> tuple[int, int, int, int]:
    micro = (report.charged, report.written_off, report.expired, report.balance)
    charged, written_off, expired, balance = (each // MICRO for each in micro)
    return charged, written_off, expired, balance


@pytest.mark.parametrize("posted_between", [True, False])
@pytest.mark.parametrize(
    ("cost", "written_off"), [(190, 40), (170, 20), (150, 0), (120, 0), (40, 0), (0, 0)]
)
async def test_the_write_off_goes_first_then_debt_then_lots(
    container: Container, spender: Spender, cost: int, written_off: int, posted_between: bool
) -> None:
    request_id = await sweep(container, spender, 10, 180)
    if posted_between:
        report = await agree(container, spender.account)
        assert credits(report) == (150, 30, 0, -50)
    await settle(container, spender, request_id, cost)
    report = await agree(container, spender.account)
    assert credits(report) == (cost - written_off, written_off, 0, 100 - cost + written_off)
    assert await spent(container) == cost


async def test_what_a_grant_has_repaid_is_given_back_to_a_lot(
    settings: Settings, container: Container, spender: Spender
) -> None:
    request_id = await sweep(container, spender, 10, 140)
    await grant(settings, container, 25)
    await settle(container, spender, request_id, 95)
    report = await agree(container, spender.account)
    assert credits(report) == (95, 0, 0, 30)
    assert await spent(container) == 95


async def test_debt_repaid_by_an_expired_lot_has_expired(
    settings: Settings, container: Container, spender: Spender
) -> None:
    request_id = await sweep(container, spender, 10, 140)
    await grant(settings, container, 45)
    order = lot_order_key(spender.account)
    lots: Any = await container.redis.zrange(order, 0, -1)
    scores = dict.fromkeys(lots, 1.0)
    await container.redis.zadd(order, scores)
    assert await container.ledger.expire_lots(spender.account) == ("expired", 5 * MICRO)
    await settle(container, spender, request_id, 95)
    report = await agree(container, spender.account)
    assert credits(report) == (95, 0, 50, 0)


@pytest.mark.parametrize("cost", [30, 60, 99])
@pytest.mark.parametrize("swept_posted", ["before the load", "after the load", "last"])
async def test_the_truth_counts_though_the_sweep_was_in_an_older_epoch(
    container: Container, spender: Spender, cost: int, swept_posted: str
) -> None:
    request_id = await sweep(container, spender, 10, 60)
    late = await read_outbox(container, spender.account)
    if swept_posted == "before the load":
        await build_ingest(container).take(late)
    await open_next_epoch(container, spender.account)
    if swept_posted == "after the load":
        await build_ingest(container).take(late)
        await container.relay.deliver()
    await settle(container, spender, request_id, cost)
    fresh = await read_outbox(container, spender.account)
    await build_ingest(container).take(type(fresh)(fresh.stream, fresh.entries[1:]))
    await book_outbox(container, spender.account)
    report = await agree(container, spender.account)
    assert credits(report) == (cost, 0, 0, 100 - cost)
    assert await spent(container) == cost
    kinds = "SELECT kind FROM ledger_tx WHERE request_id = $1 ORDER BY kind"
    reported = [row["kind"] for row in await container.pool.fetch(kinds, request_id)]
    assert reported == ["adjusted", "expired"]


@pytest.mark.parametrize("carried", [True, False])
async def test_what_was_forgiven_though_it_had_been_repaid_is_had_after_a_second_loss(
    settings: Settings, container: Container, spender: Spender, carried: bool
) -> None:
    """The adjustment comes late, and what Redis says of its correction is lost."""
    request_id = await sweep(container, spender, 10, 110)
    await book_outbox(container, spender.account)
    await settle(container, spender, request_id, 100)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    assert await loading.load(container.pool, container.ledger, spender.account) == "loaded"
    await grant(settings, container, 30)
    await book_outbox(container, spender.account)
    await build_ingest(container).take(late)
    if carried:
        await container.relay.deliver()
    await lose_redis(container)
    assert await loading.load(container.pool, container.ledger, spender.account) == "loaded"
    fields = await container.redis.hmget(account_key(spender.account), "avail", "debt")
    assert fields == [b"30000000", b"0"]
    report = await agree(container, spender.account)
    assert credits(report) == (100, 0, 0, 30)
