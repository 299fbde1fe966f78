"""Invariants 6, 7 and 8: whatever part of the outbox is booked, however often, in whatever order
across accounts, PostgreSQL comes to what the model comes to.
"""

import asyncio
import os
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from control_plane.container import Container, open_container
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.audit.auditor import Auditor
from control_plane.ledger.records import NewLot, Source
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers.consumer.ingestion import Batch, Ingestion
from shared import keyspace
from shared.credits import MICRO
from shared.ledger_records import burn_score
from tests.integration.proof.days import Day, Fate, fates
from tests.support import operations
from tests.support.databases import settings_for
from tests.support.ledger_books import Books
from tests.support.ledger_model import Lot, Model
from tests.support.redis_reads import read_stream

EXAMPLES = int(os.environ.get("HEADRACE_PROOF_EXAMPLES", "60")) // 2
LOTS = ((Source.PROMO, 7), (Source.PURCHASED, 40), (Source.FREE, 20))
days = st.lists(fates, min_size=1, max_size=12)


@dataclass
class Customer:
    model: Model
    books: Books


class Playground:
    """A seeded deployment, and fresh customers for every example."""

    def __init__(self, settings: Settings, container: Container) -> None:
        self.settings, self.container = settings, container
        self.ingest = Ingestion(container.pool, container.redis, WorkerMetrics(CollectorRegistry()))
        self._count = 0

    async def customer(self) -> Customer:
        """With three lots, of which one is used up and one expired while requests were held."""
        self._count += 1
        email = f"customer{self._count}@example.com"
        user = await operations.create_user(self.settings, email, "enterprise", 0)
        customer = Customer(Model(user.id, 0), Books())
        for source, amount in LOTS:
            await self._grant(customer, source, amount * MICRO)
        await self._read(customer.model)
        return customer

    async def _grant(self, customer: Customer, source: Source, amount: int) -> None:
        ends = clock.now() + timedelta(days=30) if source is Source.PROMO else None
        async with transaction(self.container.pool) as connection:
            lot = NewLot(source, amount, ends)
            name = await credit_grants.grant(connection, customer.model.account, lot)
        ends_s = int(ends.timestamp()) if ends else None
        customer.model.lots[name] = Lot(amount, burn_score(source.priority, ends_s))
        customer.books.grant(name, amount)
        await self.container.relay.deliver()

    async def _read(self, model: Model) -> None:
        """What the record decides and the model is told: floor, number, basis of the alerts."""
        key = keyspace.account_key(model.account)
        names = ("floor", "change_seq", "basis", "avail")
        found: Any = await self.container.redis.hmget(key, *names)
        model.floor, model.change_seq, model.basis, avail = (int(value) for value in found)
        assert avail == model.avail
        shard = keyspace.meta_key(keyspace.shard_of(model.account))
        model.epoch = model.shard.epoch = int(await self.container.redis.hget(shard, "epoch") or 0)

    async def expire(self, model: Model) -> None:
        """The lot that burns first has expired."""
        name = min(model.lots, key=lambda each: model.lots[each].score, default=None)
        if name is not None:
            lot = model.lots[name]
            lot.expired, lot.score = True, lot.score // 10**10 * 10**10 + 1
            order = keyspace.lot_order_key(model.account)
            await self.container.redis.zadd(order, {name: lot.score}, xx=True)

    async def post(self, customers: list[Customer], chance: random.Random) -> None:
        """A prefix of what each wrote, in pieces, some of them again, accounts in any order."""
        pieces = []
        for customer in customers:
            stream = keyspace.outbox_key(keyspace.shard_of(customer.model.account))
            account = customer.model.account.encode()
            whole = await read_stream(self.container.redis, stream)
            mine = [entry for entry in whole if entry[1][b"account"] == account]
            prefix = chance.randint(0, len(mine))
            for entry in customer.model.entries[:prefix]:
                customer.books.post(entry)
            start = 0
            while start < prefix:
                end = min(prefix, start + chance.randint(1, 5))
                pieces.append(Batch(stream, mine[max(0, start - chance.randint(0, 3)) : end]))
                start = end
        for batch in _merged(pieces, chance):
            await self.ingest.take(batch)

    async def check(self, customer: Customer) -> None:
        """Lots, debt, numbers and statistics are what the model's books say."""
        pool, account, books = self.container.pool, customer.model.account, customer.books
        rows = await pool.fetch("SELECT id, remaining FROM lots WHERE account = $1", account)
        assert {str(row["id"]): row["remaining"] for row in rows} == books.lots
        row = await pool.fetchrow("SELECT debt, posted FROM accounts WHERE id = $1", account)
        assert row is not None
        assert tuple(row) == (books.debt, books.posted)
        for table in ("usage_history", "usage_hourly", "usage_daily", "usage_by_model"):
            spent = await pool.fetchval(
                f"SELECT coalesce(sum(credits_micro), 0) FROM {table} WHERE account = $1", account
            )
            assert spent == books.charged, table
        unbalanced = await pool.fetchval(
            "SELECT count(*) FROM (SELECT tx FROM ledger_entries GROUP BY tx"
            " HAVING sum(amount) <> 0) AS wrong"
        )
        assert unbalanced == 0


def _merged(pieces: list[Batch], chance: random.Random) -> list[Batch]:
    """Any order across streams, and the order of each stream; anything may come once more."""
    waiting: dict[str, list[Batch]] = {}
    for piece in pieces:
        waiting.setdefault(piece.stream, []).append(piece)
    merged: list[Batch] = []
    while waiting:
        stream = chance.choice(sorted(waiting))
        merged.append(waiting[stream].pop(0))
        if not waiting[stream]:
            del waiting[stream]
        if chance.random() < 0.3:
            merged.append(chance.choice(merged))
    return merged


async def play(ground: Playground, days_: list[list[Fate]], seed: int) -> None:
    chance = random.Random(seed)
    customers = [await ground.customer() for _ in days_]
    for customer, fates_ in zip(customers, days_, strict=True):
        day = Day(ground.container.redis, customer.model)
        for number, fate in enumerate(fates_):
            if number == len(fates_) // 2:
                await ground.expire(customer.model)
            await day.play(fate)
    await ground.post(customers, chance)
    for customer in customers:
        await ground.check(customer)
    report = await Auditor(ground.container.pool, ground.container.redis).run()
    assert report.clean, report


def test_any_part_of_the_outbox_posted_in_any_order_matches_the_model(
    database_url: str, redis_url: str
) -> None:
    ours, stack = settings_for(database_url, redis_url), AsyncExitStack()

    async def begin() -> Playground:
        await operations.seed(ours)
        container = await stack.enter_async_context(open_container(ours))
        await container.publisher.publish()
        return Playground(ours, container)

    with asyncio.Runner() as runner:
        ground = runner.run(begin())

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(days, min_size=1, max_size=3), st.integers(0, 2**32))
        def example(days_: list[list[Fate]], seed: int) -> None:
            runner.run(play(ground, days_, seed))

        try:
            example()
        finally:
            runner.run(stack.aclose())
