"""Who dies, when: the rows that are about streams, workers and PostgreSQL, each by its name.

Workers killed at a chosen line, and relays, are in `proof/test_crashing_workers.py`; an outage of
PostgreSQL and SIGTERM during one in `test_workers.py`; what a loss of Redis does to the books,
case by case, in `test_loss.py`; renewals delivered again in `test_jobs.py`.
"""

import asyncio
from pathlib import Path

import pytest

from control_plane.container import Container
from control_plane.ledger import loading
from control_plane.settings import Settings
from control_plane.workers.consumer.consumer_groups import GROUP
from shared.credits import MICRO
from shared.errors import ServiceUnavailable
from shared.keyspace import outbox_key, shard_of
from shared.ledger_records import Reservation
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, figure
from tests.integration.control_plane.processes import Process, running
from tests.integration.control_plane.test_workers import posted, until
from tests.support import operations

COST = 1_000


@pytest.fixture
def workers(settings: Settings, tmp_path: Path) -> Process:
    return Process("workers", settings, tmp_path / "w.log", HEADRACE_RECLAIM_IDLE_MS="300")


async def reload(container: Container, account: str) -> None:
    """As the inference plane does when an account is cold: asks until its shard is open again."""
    while True:
        try:
            await loading.load(container.pool, container.ledger, account)
            return
        except ServiceUnavailable:
            await asyncio.sleep(0.05)


class Replica:
    """A replica's requests; it remembers what it settled and sends it again after a loss."""

    def __init__(self, container: Container, spender: Spender) -> None:
        self._connections, self._spender = container, spender
        self.settled: list[str] = []

    async def request(self, request_id: str) -> None:
        while await self._reserve(request_id) == "cold":
            await reload(self._connections, self._spender.account)
        await self.settle(request_id)
        self.settled.append(request_id)

    async def settle(self, request_id: str) -> str:
        event = self._spender.event(request_id)
        while True:
            reported = await self._connections.ledger.settle(
                self._spender.account, request_id, COST, 42, event
            )
            if reported.outcome != "cold":
                return reported.outcome
            await reload(self._connections, self._spender.account)

    async def _reserve(self, request_id: str) -> str:
        reported: Reservation = await self._spender.ask(COST, request_id=request_id)
        return reported.outcome


async def test_redis_emptied_under_load_charges_every_request_once(
    settings: Settings, container: Container, spender: Spender, workers: Process
) -> None:
    """Row "Redis empty": what was settled lately is sent again, whether it was booked or not."""
    replica = Replica(container, spender)
    async with running(workers):
        for number in range(300):
            await replica.request(f"request-{number}")
            if number in {90, 200}:
                await container.redis.flushdb()
                for request_id in replica.settled:
                    await replica.settle(request_id)
        await until(lambda: _all_posted(container, spender.account))
        await until(lambda: _all_delivered(container))
        await workers.ready()
    await container.relay.deliver()
    report = await operations.audit(settings)
    assert report.clean, report
    assert (report.charged, report.balance) == (300 * COST, 100 * MICRO - 300 * COST)
    assert await figure(container, spender.account, "avail") == report.balance
    history = "SELECT count(*), count(DISTINCT request_id), sum(credits_micro) FROM usage_history"
    assert tuple(await container.pool.fetchrow(history) or ()) == (300, 300, 300 * COST)


async def _all_posted(container: Container, account: str) -> bool:
    posted_here = "SELECT posted FROM accounts WHERE id = $1"
    seq = await figure(container, account, "seq")
    return bool(await container.pool.fetchval(posted_here, account) == seq)


async def _all_delivered(container: Container) -> bool:
    waiting = "SELECT count(*) FROM account_changes WHERE delivered_at IS NULL"
    return bool(await container.pool.fetchval(waiting) == 0)


@pytest.mark.parametrize("loss", ["group", "stream"])
async def test_a_missing_group_is_made_again_at_the_beginning(
    settings: Settings, container: Container, spender: Spender, workers: Process, loss: str
) -> None:
    """Row "stream's group missing": what came in meanwhile is read, what was booked is known."""
    stream = outbox_key(shard_of(spender.account))
    async with running(workers):
        await spender.spend(COST)
        await until(posted(container, 1))
        if loss == "group":
            await container.redis.xgroup_destroy(stream, GROUP)
        else:
            await container.redis.delete(stream)
        for _ in range(5):
            await spender.spend(COST)
        await until(posted(container, 6))
        await workers.ready()
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 6 * COST


async def test_after_a_rebuild_the_answer_is_the_one_from_before(
    container: Container, spender: Spender
) -> None:
    """Invariant 12: once the stream is drained, a loss changes no answer."""
    await spender.spend(40 * MICRO)
    await book_outbox(container, spender.account)
    refused = await spender.ask(61 * MICRO)
    await container.redis.flushdb()
    await container.publisher.publish()
    await reload(container, spender.account)
    again = await spender.ask(61 * MICRO)
    assert (again.outcome, again.number) == (refused.outcome, refused.number)
    assert (again.outcome, again.number) == ("insufficient_credits", 60 * MICRO)
    assert (await spender.ask(60 * MICRO)).outcome == "held"


async def test_every_transaction_and_the_whole_book_sum_to_zero(
    container: Container, spender: Spender
) -> None:
    """Invariant 8, after charges, debt, a write-off, an alert, a loss and a correction."""
    await spender.spend(70 * MICRO)
    await spender.spend(120 * MICRO, 1 * MICRO)
    batch = await book_outbox(container, spender.account)
    assert batch.entries
    await container.redis.flushdb()
    await container.publisher.publish()
    await reload(container, spender.account)
    await container.ledger.settle(spender.account, "again", 5 * MICRO, 1, spender.event("again"))
    await book_outbox(container, spender.account)
    sums = "SELECT sum(amount) FROM ledger_entries GROUP BY tx HAVING sum(amount) <> 0"
    assert await container.pool.fetch(sums) == []
    assert await container.pool.fetchval("SELECT sum(amount) FROM ledger_entries") == 0
    customers = (
        "SELECT (SELECT sum(remaining) FROM lots) - (SELECT sum(debt) FROM accounts) "
        "= (SELECT sum(amount) FROM ledger_entries WHERE ledger_account LIKE 'customer%')"
    )
    assert await container.pool.fetchval(customers)
