"""Entries into the books: each once, in any order, in any number, whatever lies between them."""

import random
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from control_plane.container import Container
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.ledger import balance
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.audit.auditor import Auditor
from control_plane.ledger.records import NewLot, Source
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers.consumer import consumer_groups
from control_plane.workers.consumer.ingestion import DELIVERIES_MAX, Batch, Ingestion
from shared.credits import MICRO
from shared.keyspace import account_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.support import operations
from tests.support.redis_reads import read_group, read_stream

STATISTICS = {
    "usage_hourly": "account, date_trunc('hour', occurred_at)",
    "usage_daily": "account, (occurred_at AT TIME ZONE 'UTC')::date",
    "usage_by_model": "account, (occurred_at AT TIME ZONE 'UTC')::date, model_id",
}
SUMS = (
    "sum(requests)::bigint, sum(credits_micro)::bigint, "
    "sum(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens)::bigint, "
    "sum(duration_ms)::bigint"
)


@pytest.fixture
def ingestion(container: Container) -> Ingestion:
    return Ingestion(container.pool, container.redis, WorkerMetrics(CollectorRegistry()))


async def read_all(container: Container, account: str) -> Batch:
    """The whole outbox of this account's shard, as a batch."""
    stream = outbox_key(shard_of(account))
    return Batch(stream, await read_stream(container.redis, stream))


async def books(container: Container) -> list[Any]:
    """All that ingest writes, in an order of its own."""
    queries = (
        "SELECT account, epoch, seq, kind, charged FROM ledger_tx WHERE seq > 0 ORDER BY 1, 2, 3",
        "SELECT ledger_account, lot, sum(amount) FROM ledger_entries GROUP BY 1, 2 ORDER BY 1, 2",
        "SELECT id, remaining FROM lots ORDER BY id",
        "SELECT id, seq, posted, debt FROM accounts ORDER BY id",
        "SELECT request_id, kind, credits_micro FROM usage_history ORDER BY 1, 2",
        *(f"SELECT * FROM {table} ORDER BY 1, 2, 3" for table in STATISTICS),
    )
    return [[tuple(row) for row in await container.pool.fetch(query)] for query in queries]


async def play_a_day(container: Container, spender: Spender) -> None:
    """Entries of every kind: settled, released, swept and put right, in debt, written off."""
    for cost in range(1, 20):
        await spender.spend(cost * 1000, cost * 1500, model_id=("gpt-5", "other")[cost % 2])
    given_back = await spender.hold(500)
    await container.ledger.release(spender.account, given_back, b"{}")
    swept = await spender.hold(9_000, ttl_ms=1)
    await container.ledger.progress(spender.account, swept, 4_000, 1)
    outcome = "early"
    while outcome == "early":
        outcome = (await container.ledger.sweep(spender.account, swept)).outcome
    event = spender.event(swept)
    late = await container.ledger.settle(spender.account, swept, 2_500, 42, event)
    assert (outcome, late.outcome) == ("expired", "adjusted")
    await spender.spend(150 * MICRO, 1 * MICRO)
    assert int(await container.redis.hget(account_key(spender.account), "debt") or 0) > 0


async def test_a_day_is_posted_and_the_books_agree(
    settings: Settings, container: Container, ingestion: Ingestion, spender: Spender
) -> None:
    await play_a_day(container, spender)
    await operations.grant_credits(settings, "ada@example.com", 100)
    await container.relay.deliver()
    waiting = await Auditor(container.pool, container.redis).run()
    assert waiting.clean, waiting
    assert waiting.pending == 24 + 3, "three alerts are told besides"
    await ingestion.take(await read_all(container, spender.account))
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert report.pending == 0
    used = sum(range(1, 20)) * 1000 + 2_500 + 150 * MICRO
    assert (report.charged, report.written_off) == (150 * MICRO, used - 150 * MICRO)
    history = "SELECT sum(credits_micro) FROM usage_history"
    assert await container.pool.fetchval(history) == used
    assert report.granted == 200 * MICRO == report.charged + report.expired + report.balance
    avail = int(await container.redis.hget(account_key(spender.account), "avail") or 0)
    assert avail == report.balance


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_and_any_duplication_give_the_same_books(
    container: Container, ingestion: Ingestion, spender: Spender, seed: int
) -> None:
    await play_a_day(container, spender)
    whole = await read_all(container, spender.account)
    chance = random.Random(seed)
    entries = [*whole.entries, *chance.sample(list(whole.entries), 12)]
    chance.shuffle(entries)
    while entries:
        size = chance.randint(1, 6)
        await ingestion.take(Batch(whole.stream, entries[:size]))
        entries = entries[size:]
    shuffled = await books(container)
    await ingestion.take(whole)
    assert await books(container) == shuffled
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert len(shuffled[0]) == len(whole.entries)


async def test_statistics_are_the_group_by_of_the_history(
    container: Container, ingestion: Ingestion, spender: Spender
) -> None:
    await play_a_day(container, spender)
    batch = await read_all(container, spender.account)
    for start in range(0, len(batch.entries), 4):
        await ingestion.take(Batch(batch.stream, batch.entries[start : start + 6]))
    for table, keys in STATISTICS.items():
        kept = await container.pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        count = len(keys.split(", ")) if table != "usage_hourly" else 2
        order = ", ".join(str(number) for number in range(1, count + 1))
        summed = await container.pool.fetch(
            f"SELECT {keys}, {SUMS} FROM usage_history GROUP BY {keys} ORDER BY {order}"
        )
        assert [tuple(row) for row in kept] == [tuple(row) for row in summed], table


async def test_a_poison_entry_goes_aside_and_the_others_do_not_wait(
    container: Container, ingestion: Ingestion, spender: Spender
) -> None:
    """What lies aside is on its way still: the audit stays exact."""
    stream = outbox_key(shard_of(spender.account))
    await consumer_groups.ensure(container.redis)
    await spender.spend(1_000)
    poison: dict[Any, Any] = {
        "__data__": "{}",
        "kind": "settled",
        "account": spender.account,
        "alloc": "x=1",
    }
    await container.redis.xadd(stream, poison)
    await container.redis.xadd(stream, {"__data__": "{}", "kind": "\0never heard of"})
    expired: dict[Any, Any] = {
        "__data__": "{}",
        "kind": "lots_expired",
        "account": spender.account,
        "epoch": 1,
    }
    invalid: tuple[dict[Any, Any], ...] = (
        {"seq": 10**30},
        {"seq": 9, "account": "nobody"},
        {"seq": 9, "epoch": 7},
    )
    for wrong in invalid:
        await container.redis.xadd(stream, {**expired, **wrong})
    await spender.spend(2_000)
    entries = await read_group(container.redis, consumer_groups.GROUP, "one", stream)
    await ingestion.take(Batch(stream, entries))
    assert await container.pool.fetchval("SELECT count(*) FROM usage_history") == 2
    for _ in range(DELIVERIES_MAX):
        _, entries, *_ = await container.redis.xautoclaim(stream, consumer_groups.GROUP, "two", 0)
        if entries:
            await ingestion.take(Batch(stream, entries))
    assert (await container.redis.xpending(stream, consumer_groups.GROUP))["pending"] == 0
    emails = await container.pool.fetch("SELECT reason, deliveries FROM dead_letters")
    assert [row["deliveries"] for row in emails] == [DELIVERIES_MAX] * 5
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report


async def test_a_real_entry_kept_aside_counts_as_on_its_way(
    container: Container, ingestion: Ingestion, spender: Spender
) -> None:
    """Its lot is spelt wrong on the way; the balance moved all the same."""
    stream = outbox_key(shard_of(spender.account))
    await consumer_groups.ensure(container.redis)
    await spender.spend(5_000)
    [(entry_id, fields)] = await read_stream(container.redis, stream)
    broken: dict[Any, Any] = {**fields, b"alloc": b"11111111-1111-4111-8111-111111111111=5000"}
    await container.redis.delete(stream)
    await container.redis.xadd(stream, broken, id=entry_id)
    await consumer_groups.ensure(container.redis)
    entries: Any = await read_group(container.redis, consumer_groups.GROUP, "one", stream)
    for _ in range(DELIVERIES_MAX):
        await ingestion.take(Batch(stream, entries))
        _, entries, *_ = await container.redis.xautoclaim(stream, consumer_groups.GROUP, "two", 0)
    await container.redis.xtrim(stream, maxlen=0, approximate=False)
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert report.pending == 1


async def test_expired_credits_are_reported_apart_from_charges(
    container: Container, ingestion: Ingestion, spender: Spender
) -> None:
    yesterday = clock.now() - timedelta(days=1)
    async with transaction(container.pool) as connection:
        await credit_grants.grant(
            connection, spender.account, NewLot(Source.PROMO, 5 * MICRO, yesterday)
        )
    await container.relay.deliver()
    assert (await Auditor(container.pool, container.redis).run()).clean
    shown = await balance.load(container.pool, container.redis, spender.account)
    assert (shown.total, shown.remaining) == (100 * MICRO, 100 * MICRO)
    await spender.spend(2 * MICRO)
    await ingestion.take(await read_all(container, spender.account))
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert (report.charged, report.expired, report.balance) == (2 * MICRO, 5 * MICRO, 98 * MICRO)
