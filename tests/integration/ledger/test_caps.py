"""An API key's own cap: decided with the balance in one call, exact under every ending."""

import asyncio
from collections import Counter

from shared import keyspace
from shared.credits import MICRO
from shared.ledger import Ledger
from shared.ledger_records import Reservation, ReserveRequest, Snapshot
from tests.support.ledger_table import LedgerTable


def _ask(
    name: str, cost: int, *, key: str = "K", cap: int = 100, min_hold: int = 0
) -> ReserveRequest:
    return ReserveRequest(
        "A",
        name,
        name,
        cost * MICRO,
        (min_hold or cost) * MICRO,
        10,
        0,
        60_000,
        b"{}",
        key,
        cap * MICRO if cap >= 0 else -1,
    )


async def _taken(table: LedgerTable, key: str = "K") -> int:
    return int(await table.redis.hget(keyspace.account_key("A"), f"key:{key}") or 0) // MICRO


async def _granted(table: LedgerTable) -> Ledger:
    await table.play("grant A 1000 -> applied avail 1000 held 0")
    return table.ledger


async def test_a_key_takes_no_more_than_its_cap_though_the_account_has_more(
    ledger: LedgerTable,
) -> None:
    calls = await _granted(ledger)
    assert (await calls.reserve(_ask("R1", 60))).outcome == "held"
    refused = await calls.reserve(_ask("R2", 60))
    assert (refused.outcome, refused.number) == ("key_cap", 40 * MICRO)
    assert (await calls.reserve(_ask("R3", 60, key="other"))).outcome == "held"
    assert (await calls.reserve(_ask("R4", 60, key="", cap=-1))).outcome == "held"


async def test_a_hold_is_clamped_to_what_is_left_under_the_cap(ledger: LedgerTable) -> None:
    calls = await _granted(ledger)
    held = await calls.reserve(_ask("R1", 250, min_hold=10))
    assert (held.outcome, held.number) == ("held", 100 * MICRO)
    more = await calls.extend(
        _ask("R1", 250), step=1, target=MICRO, min_hold=MICRO, tokens=0, used=0
    )
    assert more.outcome == "key_cap"


async def test_parallel_requests_of_one_key_share_one_cap(ledger: LedgerTable) -> None:
    calls = await _granted(ledger)
    requested: list[Reservation] = await asyncio.gather(
        *(calls.reserve(_ask(f"R{i}", 10)) for i in range(50))
    )
    assert Counter(each.outcome for each in requested) == {"held": 10, "key_cap": 40}


async def test_every_ending_leaves_under_the_cap_what_was_really_charged(
    ledger: LedgerTable,
) -> None:
    calls = await _granted(ledger)
    for name in ("less", "more", "released", "swept"):
        await calls.reserve(_ask(name, 20))
    assert await _taken(ledger) == 80
    await calls.settle("A", "less", 5 * MICRO, 1, b"{}")
    await calls.settle("A", "more", 30 * MICRO, 1, b"{}")
    await calls.release("A", "released", b"{}")
    await calls.progress("A", "swept", 7 * MICRO, 60_000)
    await ledger.redis.hset(keyspace.hold_key("A", "swept"), "deadline", "1")
    await calls.sweep("A", "swept")
    assert await _taken(ledger) == 5 + 30 + 0 + 7
    await calls.settle("A", "swept", 9 * MICRO, 1, b"{}")
    assert await _taken(ledger) == 5 + 30 + 0 + 9
    await calls.settle("A", "less", 5 * MICRO, 1, b"{}")
    assert await _taken(ledger) == 44


async def test_a_charge_whose_hold_was_lost_counts_against_its_key(ledger: LedgerTable) -> None:
    calls = await _granted(ledger)
    await calls.settle("A", "lost", 15 * MICRO, 1, b"{}", api_key="K")
    assert await _taken(ledger) == 15


async def test_a_loaded_account_knows_what_its_keys_have_taken(ledger: LedgerTable) -> None:
    shot = Snapshot("B", 1, 0, 0, 0, 0, "active", "plan", (), 0, (("K", 90 * MICRO), ("L", 0)))
    assert (await ledger.ledger.load(shot))[0] == "loaded"
    taken = await ledger.redis.hget(keyspace.account_key("B"), "key:K")
    assert int(taken or 0) == 90 * MICRO
