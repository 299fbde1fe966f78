"""Limits: decided with the credits in one call, named in their order, and free when they refuse."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from shared import keyspace
from shared.credits import MICRO
from shared.ledger_records import Lot, Reservation, ReserveRequest, burn_score
from tests.integration.ledger.conftest import OpenTable
from tests.support.ledger_limits import DAY_MS, MINUTE_MS, Counted, Shard, Window
from tests.support.ledger_table import LedgerTable


def _ask(name: str, *, cost: int = 1, tokens: int = 10, rank: int = 0) -> ReserveRequest:
    micro = cost * MICRO
    return ReserveRequest("A", name, name, micro, micro, tokens, rank, 60_000, b"{}")


async def _reserve_many(table: LedgerTable, count: int, **ask: int) -> list[Reservation]:
    asks = (table.ledger.reserve(_ask(f"R{i}", **ask)) for i in range(count))
    return list(await asyncio.gather(*asks))


def _outcomes(reservations: list[Reservation]) -> Counter[str]:
    return Counter(reservation.outcome for reservation in reservations)


async def _now(table: LedgerTable) -> int:
    """The server's clock, in ms; a cluster's nodes have the same."""
    reported: Any = await table.redis.time()
    seconds, micros = reported if isinstance(reported, tuple) else next(iter(reported.values()))
    return int(seconds) * 1000 + int(micros) // 1000


async def _early_in_a_minute(table: LedgerTable) -> int:
    while (now := await _now(table)) % MINUTE_MS > MINUTE_MS - 2_000:
        await asyncio.sleep(0.1)
    return now


async def test_parallel_requests_pass_as_often_as_the_balance_allows(ledger: LedgerTable) -> None:
    await ledger.play("grant A 40 -> applied avail 40 held 0")
    outcomes = _outcomes(await _reserve_many(ledger, 200))
    assert outcomes == {"held": 40, "insufficient_credits": 160}


async def test_requests_per_minute_refuse_the_next_one_and_say_when(limited: OpenTable) -> None:
    table = await limited(rpm=10)
    await table.play("grant A 100 -> applied avail 100 held 0")
    reservations = await _reserve_many(table, 12)
    assert _outcomes(reservations) == {"held": 10, "requests_per_minute": 2}
    refused = next(each for each in reservations if each.outcome != "held")
    assert 0 < refused.number <= 120_000
    assert refused.requests is not None
    assert (refused.requests.limit, refused.requests.left) == (10, 0)


@pytest.mark.parametrize(
    ("this_minute", "last_minute"), [(0, 900), (2, 900), (3, 0), (9, 0), (9, 900)]
)
async def test_the_wait_it_names_is_the_shortest_that_is_enough(
    limited: OpenTable, this_minute: int, last_minute: int
) -> None:
    """900 requests a minute ago pass a limit of three until the last 0.2 s of this one."""
    table = await limited(rpm=3)
    await table.play("grant A 100 -> applied avail 100 held 0")
    began = await _early_in_a_minute(table)
    minute, counts = began // MINUTE_MS, {"r0": this_minute, "r1": last_minute, "t0": 0, "t1": 0}
    window: dict[Any, Any] = counts | {"minute": minute, "day": began // DAY_MS, "credits": 0}
    await table.redis.hset(keyspace.window_key("A"), mapping=window)
    reported = await table.ledger.reserve(_ask("R1"))
    model = Window(
        [Counted(minute, 0, 0, 0, this_minute), Counted(minute - 1, 0, 0, 0, last_minute)]
    )
    refusals = [
        model.refusal(Shard(rpm=3), tokens=0, min_hold=0, now=now)
        for now in (await _now(table), began)
    ]
    shortest, longest = (refusal[1] for refusal in refusals if refusal)
    assert reported.outcome == "requests_per_minute"
    assert shortest <= reported.number <= longest + 1


async def test_a_released_request_burns_no_request_of_the_minute(limited: OpenTable) -> None:
    table = await limited(rpm=2)
    await table.play("""
        grant    A  100          -> applied              avail  100  held    0
        reserve  A    1  as R1   -> held                 avail   99  held    1
        reserve  A    1  as R2   -> held                 avail   98  held    2
        reserve  A    1  as R3   -> requests_per_minute  avail   98  held    2
        release  R1              -> released             avail   99  held    1
        reserve  A    1  as R3   -> held                 avail   98  held    2
    """)


async def test_tokens_per_minute_count_what_parallel_requests_are_about_to_use(
    limited: OpenTable,
) -> None:
    table = await limited(tpm=1_000)
    await table.play("grant A 100 -> applied avail 100 held 0")
    outcomes = _outcomes(await _reserve_many(table, 10, tokens=300))
    assert outcomes == {"held": 3, "tokens_per_minute": 7}
    await table.ledger.settle("A", "R0", MICRO, 50, b"{}")
    again = await table.ledger.reserve(_ask("R20", tokens=400))
    assert again.outcome == "tokens_per_minute"
    assert (await table.ledger.reserve(_ask("R21", tokens=350))).outcome == "held"


async def test_credits_per_day_count_holds_and_are_corrected_by_what_it_cost(
    limited: OpenTable,
) -> None:
    table = await limited(cpd=10 * MICRO)
    await table.play("""
        grant    A  100          -> applied          avail  100  held    0
        reserve  A    8  as R1   -> held             avail   92  held    8
        reserve  A    3  as R2   -> credits_per_day  avail   92  held    8
        extend   R1   3          -> credits_per_day  avail   92  held    8
        settle   R1   5          -> settled          avail   95  held    0
        reserve  A    5  as R3   -> held             avail   90  held    5
        reserve  A    1  as R4   -> credits_per_day  avail   90  held    5
    """)


async def test_concurrent_requests_are_limited_where_a_plan_says_so(limited: OpenTable) -> None:
    table = await limited(open=1)
    await table.play("""
        grant    A  100          -> applied              avail  100  held    0
        reserve  A    1  as R1   -> held                 avail   99  held    1
        reserve  A    1  as R2   -> concurrent_requests  avail   99  held    1
        settle   R1   1          -> settled              avail   99  held    0
        reserve  A    1  as R2   -> held                 avail   98  held    1
    """)


async def test_a_model_of_a_higher_tier_is_locked(ledger: LedgerTable) -> None:
    await ledger.play("grant A 100 -> applied avail 100 held 0")
    assert (await ledger.ledger.reserve(_ask("R1", rank=2))).outcome == "model_locked"
    assert (await ledger.ledger.reserve(_ask("R1", rank=1))).outcome == "held"


async def test_a_suspended_account_spends_nothing(ledger: LedgerTable) -> None:
    await ledger.play("grant A 100 -> applied avail 100 held 0")
    assert await ledger.ledger.amend("A", 2, "suspended", "plan") == ("applied", 2)
    assert (await ledger.ledger.reserve(_ask("R1"))).outcome == "suspended"
    assert await ledger.ledger.amend("A", 3, "active", "plan") == ("applied", 3)
    assert (await ledger.ledger.reserve(_ask("R1"))).outcome == "held"


async def test_a_hold_is_clamped_to_what_is_there(ledger: LedgerTable) -> None:
    await ledger.play("grant A 5 -> applied avail 5 held 0")
    ask = ReserveRequest("A", "R1", "R1", 9 * MICRO, 2 * MICRO, 10, 0, 60_000, b"{}")
    reservation = await ledger.ledger.reserve(ask)
    assert (reservation.outcome, reservation.number) == ("held", 5 * MICRO)


async def test_an_expired_lot_is_not_spent_and_expires_in_the_ledger(ledger: LedgerTable) -> None:
    await ledger.load("A")
    await ledger.ledger.grant("A", 1, Lot("old", 7 * MICRO, burn_score(1, 1_000_000_000)))
    await ledger.ledger.grant("A", 2, Lot("new", 5 * MICRO, burn_score(2, None)))
    refused = await ledger.ledger.reserve(_ask("R1", cost=6))
    assert (refused.outcome, refused.number) == ("insufficient_credits", 5 * MICRO)
    assert await ledger.entries("A") == []
    await ledger.play("reserve A 5 as R2 -> held avail 0 held 5")
    expired = (await ledger.entries("A"))[0]
    assert (expired["kind"], expired["expired"]) == ("lots_expired", "old=7000000")


async def test_lots_expire_without_a_request_too(ledger: LedgerTable) -> None:
    await ledger.load("A")
    await ledger.ledger.grant("A", 1, Lot("old", 7 * MICRO, burn_score(1, 1_000_000_000)))
    assert await ledger.ledger.expire_lots("A") == ("expired", 7 * MICRO)
    assert await ledger.ledger.expire_lots("A") == ("none", 0)
    assert await ledger.ledger.expire_lots("B") == ("cold", 0)
    assert (await ledger.account("A"))["avail"] == "0"
