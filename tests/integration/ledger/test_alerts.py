"""Low-credit alerts: one per threshold on the way down, from the script that takes it there."""

from shared.credits import MICRO
from shared.ledger_records import Lot, Snapshot, burn_score
from tests.support.ledger_table import LedgerTable


async def _alerts(ledger: LedgerTable) -> list[str]:
    return [e["threshold"] for e in await ledger.entries("A") if e["kind"] == "alert"]


async def test_each_threshold_alerts_once_on_the_way_down(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        settle   R1   79  A       -> unreserved  avail   21  held    0
        settle   R2    1  A       -> unreserved  avail   20  held    0
        settle   R3    1  A       -> unreserved  avail   19  held    0
        settle   R4   13  A       -> unreserved  avail    6  held    0
        settle   R5    2  A       -> unreserved  avail    4  held    0
        settle   R6    4  A       -> unreserved  avail    0  held    0
        settle   R6    4  A       -> repeated    avail    0  held    0
        settle   R7    1  A       -> unreserved  avail   -1  held    0
    """)
    assert await _alerts(ledger) == ["20", "5", "0"]


async def test_one_charge_that_crosses_several_tells_them_all(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        settle   R1   97  A       -> unreserved  avail    3  held    0
    """)
    assert await _alerts(ledger) == ["20", "5"]


async def test_what_is_held_is_not_spent(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        reserve  A    95  as R1   -> held        avail    5  held   95
        settle   R2    1  A       -> unreserved  avail    4  held   95
        settle   R1   10          -> settled     avail   89  held    0
    """)
    assert await _alerts(ledger) == []


async def test_a_grant_begins_anew(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        settle   R1   85  A       -> unreserved  avail   15  held    0
        grant    A    85          -> applied     avail  100  held    0
        settle   R2   85  A       -> unreserved  avail   15  held    0
    """)
    assert await _alerts(ledger) == ["20", "20"]


async def test_an_account_loaded_below_a_threshold_does_not_alert_again(
    ledger: LedgerTable,
) -> None:
    lot = Lot("L", 10 * MICRO, burn_score(1, None))
    low = Snapshot("A", 1, 0, 1, 0, 0, "active", "plan", (lot,), basis=100 * MICRO)
    await ledger.ledger.load(low)
    await ledger.play("""
        settle   R1    4  A       -> unreserved  avail    6  held    0
        settle   R2    1  A       -> unreserved  avail    5  held    0
    """)
    assert await _alerts(ledger) == ["5"]
