"""Grants, loads and epochs: numbered, so that nothing is applied twice or missed unseen."""

import asyncio
from dataclasses import replace
from typing import Any

from shared import keyspace
from shared.credits import BALANCE_MICRO_MAX, MICRO
from shared.ledger_records import Lot, Snapshot, burn_score
from tests.support.ledger_table import LedgerTable

LOT = Lot("L", 10 * MICRO, burn_score(1, None))
SNAPSHOT = Snapshot("A", 1, 0, 1, 0, 0, "active", "plan", (LOT,))


async def test_a_grant_delivered_many_times_counts_once(ledger: LedgerTable) -> None:
    await ledger.load("A")
    reported = await asyncio.gather(*(ledger.ledger.grant("A", 1, LOT) for _ in range(8)))
    assert sorted(outcome for outcome, _ in reported) == ["applied", *["stale"] * 7]
    assert (await ledger.account("A"))["avail"] == str(10 * MICRO)


async def test_a_grant_out_of_order_is_a_gap_and_changes_nothing(ledger: LedgerTable) -> None:
    await ledger.load("A")
    assert await ledger.ledger.grant("A", 2, LOT) == ("gap", 0)
    assert await ledger.ledger.grant("A", 1, LOT) == ("applied", 10 * MICRO)


async def test_many_loaders_at_once_have_the_effect_of_one(ledger: LedgerTable) -> None:
    reported = await asyncio.gather(*(ledger.ledger.load(SNAPSHOT) for _ in range(8)))
    assert sorted(outcome for outcome, _ in reported) == ["loaded", *["present"] * 7]
    assert (await ledger.account("A"))["avail"] == str(10 * MICRO)


async def test_an_account_that_is_not_there_is_cold(ledger: LedgerTable) -> None:
    assert (await ledger.ledger.grant("A", 1, LOT))[0] == "cold"
    assert (await ledger.ledger.settle("A", "R", 1, 1, b"{}")).outcome == "cold"


async def test_after_a_fence_accounts_are_cold_until_they_are_loaded_anew(
    ledger: LedgerTable,
) -> None:
    await ledger.ledger.load(SNAPSHOT)
    await ledger.play("reserve A 4 as R1 -> held avail 6 held 4")
    shard = keyspace.shard_of("A")
    assert await ledger.ledger.fence(shard, 2) == ("fenced", 2)
    assert await ledger.ledger.fence(shard, 1) == ("ahead", 2)
    assert (await ledger.ledger.settle("A", "R1", MICRO, 1, b"{}")).outcome == "cold"
    assert (await ledger.ledger.load(SNAPSHOT))[0] == "fenced"
    anew = Snapshot("A", 2, 0, 1, 0, 0, "active", "plan", (LOT,))
    assert await ledger.ledger.load(anew) == ("loaded", 10 * MICRO)
    ended = await ledger.ledger.settle("A", "R1", 3 * MICRO, 1, b"{}")
    assert (ended.outcome, ended.avail) == ("unreserved", 7 * MICRO)


async def test_a_hold_that_was_left_in_an_earlier_epoch_beats_no_more(ledger: LedgerTable) -> None:
    """It beats until its account is loaded without it; then nothing sweeps it, and it settles."""
    await ledger.ledger.load(SNAPSHOT)
    await ledger.play("reserve A 4 as R1 -> held avail 6 held 4")
    shard = keyspace.shard_of("A")
    await ledger.ledger.fence(shard, 2)
    assert await ledger.ledger.progress("A", "R1", MICRO, 60_000)
    await ledger.ledger.load(replace(SNAPSHOT, epoch=2))
    before = await ledger.redis.dump(keyspace.deadlines_key(shard))
    await ledger.play("progress R1 3 -> gone avail 10 held 0")
    assert await ledger.redis.dump(keyspace.deadlines_key(shard)) == before
    await ledger.play("""
        extend   R1    3          -> gone        avail   10  held    0
        overdue  R1               -> overdue     avail   10  held    0
        sweep    R1               -> gone        avail   10  held    0
        settle   R1    3          -> unreserved  avail    7  held    0
    """)
    assert await ledger.redis.zcard(keyspace.deadlines_key(shard)) == 0


async def test_amounts_stay_exact_up_to_the_largest_balance(ledger: LedgerTable) -> None:
    await ledger.load("A")
    huge = Lot("L", BALANCE_MICRO_MAX - 1, burn_score(1, None))
    assert await ledger.ledger.grant("A", 1, huge) == ("applied", BALANCE_MICRO_MAX - 1)
    assert (await ledger.ledger.grant("A", 2, LOT))[0] == "full"
    ended = await ledger.ledger.settle("A", "R", 1, 1, b"{}")
    assert ended.avail == BALANCE_MICRO_MAX - 2
    assert (await ledger.entries("A"))[-1]["alloc"] == "L=1"
    lots = await ledger.redis.hgetall(keyspace.lots_key("A"))
    assert lots == {b"L": str(BALANCE_MICRO_MAX - 2).encode()}


async def test_every_key_has_an_end_but_accounts_lots_and_streams(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        reserve  A    40  as R2   -> held      avail   20  held   80
        settle   R1   12          -> settled   avail   48  held   40
    """)
    kinds = (":a:", ":l:", ":lx:", ":hx", ":out", ":meta", ":tiers")
    keys: Any = await ledger.redis.keys("*")
    for key in keys:
        endless = await ledger.redis.ttl(key) == -1
        assert endless == any(kind in key.decode() for kind in kinds), key
