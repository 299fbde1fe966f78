"""A settle after the sweep, to the end: booked in PostgreSQL, where it comes to what Redis has.

A floor of 50 credits: whoever starts with 100 and is swept at 180 owes 50 and is let off 30.
"""

import pytest

from control_plane import operations
from control_plane.connections import Connections
from control_plane.credits import loading
from control_plane.credits.report import AuditReport
from control_plane.settings import Settings
from control_plane.users.records import User
from shared.credits import MICRO
from shared.keyspace import account_key, hold_key, lot_order_key
from tests.integration.control_plane.booking import book_outbox, build_ingest, read_outbox
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.test_loss import agree, lose_redis


@pytest.fixture
def spender(connections: Connections, user: User) -> Spender:
    return Spender(connections.ledger, user.id)


async def sweep(connections: Connections, spender: Spender, held: int, reported: int) -> str:
    """A request that is charged what its replica had reported; in credits."""
    account, request_id = spender.account, await spender.hold(held * MICRO)
    await connections.ledger.progress(account, request_id, reported * MICRO, 60_000)
    await connections.redis.hset(hold_key(account, request_id), "deadline", "1")
    assert (await connections.ledger.sweep(account, request_id)).outcome == "expired"
    return request_id


async def settle(connections: Connections, spender: Spender, request_id: str, cost: int) -> None:
    event = spender.event(request_id)
    told = await connections.ledger.settle(spender.account, request_id, cost * MICRO, 42, event)
    assert (told.outcome, told.charged) == ("adjusted", cost * MICRO)


async def grant(settings: Settings, connections: Connections, amount: int) -> None:
    await operations.grant_credits(settings, "ada@example.com", amount)
    await connections.relay.deliver()


async def open_next_epoch(connections: Connections, account: str) -> None:
    """As after a restart: what Redis holds is there, but nobody can know that it is all."""
    await connections.pool.execute("UPDATE shards SET server = 'another'")
    assert await connections.publisher.publish()
    assert await loading.load(connections.pool, connections.ledger, account) == "loaded"


async def spent(connections: Connections) -> int:
    """What the history says, in credits."""
    micro = await connections.pool.fetchval("SELECT sum(credits_micro) FROM usage_history")
    return int(micro) // MICRO


def credits(report: AuditReport) -> tuple[int, int, int, int]:
    micro = (report.charged, report.written_off, report.lapsed, report.balance)
    charged, written_off, lapsed, balance = (each // MICRO for each in micro)
    return charged, written_off, lapsed, balance


@pytest.mark.parametrize("booked_between", [True, False])
@pytest.mark.parametrize(
    ("cost", "written_off"), [(190, 40), (170, 20), (150, 0), (120, 0), (40, 0), (0, 0)]
)
async def test_the_write_off_goes_first_then_debt_then_lots(
    connections: Connections, spender: Spender, cost: int, written_off: int, booked_between: bool
) -> None:
    request_id = await sweep(connections, spender, 10, 180)
    if booked_between:
        report = await agree(connections, spender.account)
        assert credits(report) == (150, 30, 0, -50)
    await settle(connections, spender, request_id, cost)
    report = await agree(connections, spender.account)
    assert credits(report) == (cost - written_off, written_off, 0, 100 - cost + written_off)
    assert await spent(connections) == cost


async def test_what_a_grant_has_repaid_is_given_back_to_a_lot(
    settings: Settings, connections: Connections, spender: Spender
) -> None:
    request_id = await sweep(connections, spender, 10, 140)
    await grant(settings, connections, 25)
    await settle(connections, spender, request_id, 95)
    report = await agree(connections, spender.account)
    assert credits(report) == (95, 0, 0, 30)
    assert await spent(connections) == 95


async def test_what_was_repaid_by_a_lot_that_lapsed_has_lapsed(
    settings: Settings, connections: Connections, spender: Spender
) -> None:
    request_id = await sweep(connections, spender, 10, 140)
    await grant(settings, connections, 45)
    order = lot_order_key(spender.account)
    scores = dict.fromkeys(await connections.redis.zrange(order, 0, -1), 1.0)
    await connections.redis.zadd(order, scores)
    assert await connections.ledger.lapse(spender.account) == ("lapsed", 5 * MICRO)
    await settle(connections, spender, request_id, 95)
    report = await agree(connections, spender.account)
    assert credits(report) == (95, 0, 50, 0)


@pytest.mark.parametrize("cost", [30, 60, 99])
@pytest.mark.parametrize("swept_booked", ["before the load", "after the load", "last"])
async def test_the_truth_counts_though_the_sweep_was_in_an_older_epoch(
    connections: Connections, spender: Spender, cost: int, swept_booked: str
) -> None:
    request_id = await sweep(connections, spender, 10, 60)
    late = await read_outbox(connections, spender.account)
    if swept_booked == "before the load":
        await build_ingest(connections).take(late)
    await open_next_epoch(connections, spender.account)
    if swept_booked == "after the load":
        await build_ingest(connections).take(late)
        await connections.relay.deliver()
    await settle(connections, spender, request_id, cost)
    fresh = await read_outbox(connections, spender.account)
    await build_ingest(connections).take(type(fresh)(fresh.stream, fresh.entries[1:]))
    await book_outbox(connections, spender.account)
    report = await agree(connections, spender.account)
    assert credits(report) == (cost, 0, 0, 100 - cost)
    assert await spent(connections) == cost
    kinds = "SELECT kind FROM ledger_tx WHERE request_id = $1 ORDER BY kind"
    told = [row["kind"] for row in await connections.pool.fetch(kinds, request_id)]
    assert told == ["adjusted", "expired"]


@pytest.mark.parametrize("carried", [True, False])
async def test_what_was_forgiven_though_it_had_been_repaid_is_had_after_a_second_loss(
    settings: Settings, connections: Connections, spender: Spender, carried: bool
) -> None:
    """The adjustment comes late, and what Redis says of its correction is lost."""
    request_id = await sweep(connections, spender, 10, 110)
    await book_outbox(connections, spender.account)
    await settle(connections, spender, request_id, 100)
    late = await read_outbox(connections, spender.account)
    await lose_redis(connections)
    assert await loading.load(connections.pool, connections.ledger, spender.account) == "loaded"
    await grant(settings, connections, 30)
    await book_outbox(connections, spender.account)
    await build_ingest(connections).take(late)
    if carried:
        await connections.relay.deliver()
    await lose_redis(connections)
    assert await loading.load(connections.pool, connections.ledger, spender.account) == "loaded"
    fields = await connections.redis.hmget(account_key(spender.account), "avail", "debt")
    assert fields == [b"30000000", b"0"]
    report = await agree(connections, spender.account)
    assert credits(report) == (100, 0, 0, 30)
