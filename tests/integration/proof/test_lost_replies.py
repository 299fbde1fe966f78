"""The server did it and its answer was lost: the client asks again, and nothing happens twice.

Known failure 4, and row 4 of the failure matrix. The client's own retries ask first; when they are
used up, the caller learns that nobody knows, and its asking again is harmless too.
"""

from collections.abc import AsyncIterator

import pytest

from shared.calls import LedgerAway, ScriptCalls, connect
from shared.credits import MICRO
from shared.ledger import Ledger
from shared.ledger_records import Lot, ReserveRequest, burn_score
from tests.support.ledger_table import LedgerTable, ledger_table
from tests.support.losing_replies import LosingReplies, losing_replies

RETRIES = 2
TTL_MS = 60_000
ASK = ReserveRequest("A", "R1", "f", 40 * MICRO, MICRO, 10, 0, TTL_MS, b'{"request_id":"R1"}')


@pytest.fixture
async def table(redis_url: str) -> AsyncIterator[LedgerTable]:
    async with ledger_table(redis_url) as mine:
        await mine.play("grant A 100 -> applied avail 100 held 0")
        yield mine


@pytest.fixture
async def network(redis_url: str) -> AsyncIterator[LosingReplies]:
    async with losing_replies(redis_url) as proxy:
        yield proxy


@pytest.fixture
async def ledger(network: LosingReplies) -> AsyncIterator[Ledger]:
    """Beyond the network, with the retries of a replica."""
    redis = connect(network.url, retries=RETRIES)
    yield Ledger(ScriptCalls(redis))
    await redis.aclose()


@pytest.mark.parametrize("lost", [1, 2])
async def test_every_operation_counts_once_though_its_answer_is_lost(
    table: LedgerTable, network: LosingReplies, ledger: Ledger, lost: int
) -> None:
    network.lose(lost)
    held = await ledger.reserve(ASK)
    assert (held.outcome, held.number, held.avail) == ("repeated", 40 * MICRO, 60 * MICRO)
    assert network.lost == lost
    network.lose(lost)
    assert await ledger.progress("A", "R1", 7 * MICRO, TTL_MS)
    assert network.lost == lost
    network.lose(lost)
    more = await ledger.extend(ASK, step=1, target=10 * MICRO, min_hold=1, tokens=0, used=0)
    assert (more.outcome, more.number, more.avail) == ("repeated", 50 * MICRO, 50 * MICRO)
    assert network.lost == lost
    network.lose(lost)
    ended = await ledger.settle("A", "R1", 12 * MICRO, 30, b"{}")
    assert (ended.outcome, ended.charged, ended.avail) == ("repeated", 12 * MICRO, 88 * MICRO)
    assert network.lost == lost
    network.lose(lost)
    lot = Lot("more", 5 * MICRO, burn_score(2, None))
    assert await ledger.grant("A", 2, lot) == ("stale", 93 * MICRO)
    assert network.lost == lost
    network.lose(lost)
    late = await ledger.settle("A", "R2", 3 * MICRO, 30, b"{}")
    assert (late.outcome, late.avail) == ("repeated", 90 * MICRO)
    assert network.lost == lost
    entries = await table.entries("A")
    assert [entry["kind"] for entry in entries] == ["settled", "unreserved"]
    assert [entry["seq"] for entry in entries] == ["1", "2"]


async def test_a_release_counts_once_though_its_answer_is_lost(
    table: LedgerTable, network: LosingReplies, ledger: Ledger
) -> None:
    assert (await ledger.reserve(ASK)).outcome == "held"
    network.lose(1)
    assert (await ledger.release("A", "R1", b"{}")).outcome == "repeated"
    assert (await table.account("A"))["avail"] == str(100 * MICRO)


async def test_when_every_answer_is_lost_the_caller_may_ask_again(
    table: LedgerTable, network: LosingReplies, ledger: Ledger
) -> None:
    assert (await ledger.reserve(ASK)).outcome == "held"
    network.lose(RETRIES + 1)
    with pytest.raises(LedgerAway):
        await ledger.settle("A", "R1", 12 * MICRO, 30, b"{}")
    assert network.lost == RETRIES + 1
    ended = await ledger.settle("A", "R1", 12 * MICRO, 30, b"{}")
    assert (ended.outcome, ended.charged, ended.avail) == ("repeated", 12 * MICRO, 88 * MICRO)
    assert len(await table.entries("A")) == 1
