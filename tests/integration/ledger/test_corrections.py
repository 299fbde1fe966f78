"""Corrections: what PostgreSQL has booked without Redis is made up for, once and exactly."""

from shared.credits import MICRO
from shared.ledger_records import Lot, burn_score
from tests.support.ledger_table import LedgerTable


async def corrected(ledger: LedgerTable) -> list[tuple[str, str, int]]:
    """What the books are told besides: returned, expired, debt."""
    entries = [each for each in await ledger.entries("A") if each["kind"] == "corrected"]
    fields = [(e["returned"], e["expired"], int(e["debt"]) // MICRO) for e in entries]
    return [(back.replace("000000", ""), gone.replace("000000", ""), n) for back, gone, n in fields]


async def test_a_correction_gives_and_takes_once(ledger: LedgerTable) -> None:
    await ledger.play("grant A 10 first -> applied avail 10 held 0")
    give = (Lot("first", 3 * MICRO, burn_score(1, None)),)
    assert await ledger.ledger.correct("A", 3, give, 0) == ("gap", 10 * MICRO)
    assert await ledger.ledger.correct("A", 2, give, 0) == ("applied", 13 * MICRO)
    assert await ledger.ledger.correct("A", 2, give, 0) == ("stale", 13 * MICRO)
    assert await ledger.ledger.correct("B", 1, give, 0) == ("cold", 0)
    assert await corrected(ledger) == []


async def test_what_a_lot_lacks_becomes_debt_and_is_posted(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10  first             -> applied  avail   10  held    0
        correct  A    first  -14  debt   1  -> applied  avail   -5  held    0
    """)
    assert await corrected(ledger) == [("first=4", "", 4)]


async def test_what_belongs_to_a_lot_that_has_expired_stays_expired(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10  first             -> applied  avail   10  held    0
        correct  A    gone    9             -> applied  avail   10  held    0
        correct  A    gone   -9             -> applied  avail   10  held    0
    """)
    assert await corrected(ledger) == [("", "gone=9", 0), ("", "gone=-9", 0)]


async def test_a_lot_that_was_used_up_when_the_account_was_loaded_comes_back(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10  first             -> applied     avail   10  held    0
        grant    A    10  second            -> applied     avail   20  held    0
        settle   R1   10  A                 -> unreserved  avail   10  held    0
        reload   A    second                -> loaded      avail   10  held    0
        correct  A    first   4             -> applied     avail   14  held    0
        reserve  A    14  as R2             -> held        avail    0  held   14
        release  R2                         -> released    avail   14  held    0
    """)
    assert await corrected(ledger) == []


async def test_debt_that_a_grant_has_repaid_is_given_back_to_the_last_lot(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10  first             -> applied     avail   10  held    0
        settle   R1   15  A                 -> unreserved  avail   -5  held    0
        grant    A     3  second            -> applied     avail   -2  held    0
        correct  A    debt   -5  second  0  -> applied     avail    3  held    0
    """)
    assert await corrected(ledger) == [("second=3", "", 3)]


async def test_what_can_go_to_no_lot_expires_with_the_lot_that_repaid(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10  first             -> applied     avail   10  held    0
        settle   R1   15  A                 -> unreserved  avail   -5  held    0
        grant    A     6  second            -> applied     avail    1  held    0
        expire   A    first                 -> expired     avail    1  held    0
        expire   A    second                -> expired     avail    0  held    0
        correct  A    debt   -5  second  0  -> applied     avail    0  held    0
        grant    A     1  third             -> applied     avail    1  held    0
    """)
    assert await corrected(ledger) == [("second=5", "second=5", 5)]
    assert (await ledger.account("A"))["debt"] == "0"
