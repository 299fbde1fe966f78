"""A settle that comes after a sweep had charged the last progress: the truth is booked in the end.

What was charged too much comes back in the reverse of the order in which it was paid: first what
was written off, then debt, then lots. `told` is what the entry says of it.
"""

from shared.credits import MICRO
from tests.support.ledger_table import LedgerTable

FIELDS = ("amount", "alloc", "returned", "expired", "debt", "writeoff")


async def reported(ledger: LedgerTable) -> dict[str, str]:
    """What the adjustment says, in whole credits and without what is nothing."""
    [entry] = [each for each in await ledger.entries("A") if each["kind"] == "adjusted"]
    texts = {name: entry[name].replace("000000", "") for name in FIELDS}
    return {name: text for name, text in texts.items() if text not in ("", "0")}


async def debt(ledger: LedgerTable) -> int:
    return int((await ledger.account("A"))["debt"]) // MICRO


async def test_a_replica_that_was_only_slow_has_the_sweeps_charge_put_right(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        progress R1    7          -> alive     avail   60  held   40
        overdue  R1               -> overdue   avail   60  held   40
        sweep    R1               -> expired   avail   93  held    0
        settle   R1   12          -> adjusted  avail   88  held    0
        settle   R1   12          -> repeated  avail   88  held    0
        reserve  A    40  as R2   -> held      avail   48  held   40
        progress R2   30          -> alive     avail   48  held   40
        overdue  R2               -> overdue   avail   48  held   40
        sweep    R2               -> expired   avail   58  held    0
        settle   R2   10          -> adjusted  avail   78  held    0
    """)


async def test_a_replica_of_which_nothing_had_been_heard_is_charged_all_the_same(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        reserve  A    40  as R1   -> held        avail   60  held   40
        overdue  R1               -> overdue     avail   60  held   40
        sweep    R1               -> released    avail  100  held    0
        settle   R1   12          -> unreserved  avail   88  held    0
        settle   R1   12          -> repeated    avail   88  held    0
    """)


async def test_a_sweep_that_made_debt_has_it_forgiven_when_the_request_cost_less(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10          -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   14          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail   -4  held    0
        settle   R1    8          -> adjusted  avail    2  held    0
        settle   R1    8          -> repeated  avail    2  held    0
    """)
    assert await reported(ledger) == {"amount": "-6", "returned": "lot1=2", "debt": "-4"}
    assert await debt(ledger) == 0


async def test_debt_that_a_grant_has_repaid_meanwhile_goes_back_to_the_last_lot(
    ledger: LedgerTable,
) -> None:
    """Of the 10 that come back, 3 are still owed, 6 were repaid by the grant, 1 a lot had paid."""
    await ledger.play("""
        grant    A    10  first   -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   19          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail   -9  held    0
        grant    A     6  second  -> applied   avail   -3  held    0
        settle   R1    9          -> adjusted  avail    7  held    0
    """)
    assert await reported(ledger) == {"amount": "-10", "returned": "first=1;second=6", "debt": "-3"}
    assert await debt(ledger) == 0


async def test_what_was_repaid_by_a_lot_that_has_expired_meanwhile_expires(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10  first   -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   14          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail   -4  held    0
        grant    A     4  second  -> applied   avail    0  held    0
        expire   A    first       -> expired   avail    0  held    0
        expire   A    second      -> expired   avail    0  held    0
        settle   R1   10          -> adjusted  avail    0  held    0
    """)
    assert await reported(ledger) == {"amount": "-4", "returned": "first=4", "expired": "first=4"}


async def test_what_the_sweep_wrote_off_comes_back_first(ledger: LedgerTable) -> None:
    """10 from the lot, 50 of debt, 30 written off; 20 of the last were too much."""
    await ledger.play("""
        grant    A    10          -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   90          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail  -50  held    0
        settle   R1   70          -> adjusted  avail  -50  held    0
        settle   R1   70          -> repeated  avail  -50  held    0
    """)
    assert await reported(ledger) == {"amount": "-20", "writeoff": "-20"}


async def test_then_the_debt_and_then_the_lots(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10          -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   90          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail  -50  held    0
        settle   R1    7          -> adjusted  avail    3  held    0
    """)
    expected = {"amount": "-83", "returned": "lot1=3", "debt": "-50", "writeoff": "-30"}
    assert await reported(ledger) == expected


async def test_all_three_though_a_grant_has_repaid_a_part(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10  first   -> applied   avail   10  held    0
        reserve  A    10  as R1   -> held      avail    0  held   10
        progress R1   90          -> alive     avail    0  held   10
        overdue  R1               -> overdue   avail    0  held   10
        sweep    R1               -> expired   avail  -50  held    0
        grant    A    20  second  -> applied   avail  -30  held    0
        settle   R1    0          -> adjusted  avail   30  held    0
    """)
    assert await reported(ledger) == {
        "amount": "-90",
        "returned": "first=10;second=20",
        "debt": "-30",
        "writeoff": "-30",
    }
    assert await debt(ledger) == 0


async def test_what_costs_more_is_paid_by_lots_then_debt_then_written_off(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    20          -> applied   avail   20  held    0
        reserve  A    10  as R1   -> held      avail   10  held   10
        progress R1    5          -> alive     avail   10  held   10
        overdue  R1               -> overdue   avail   10  held   10
        sweep    R1               -> expired   avail   15  held    0
        settle   R1   77          -> adjusted  avail  -50  held    0
    """)
    expected = {"amount": "72", "alloc": "lot1=15", "debt": "50", "writeoff": "7"}
    assert await reported(ledger) == expected


async def test_a_sweep_of_an_older_epoch_is_put_right_too(ledger: LedgerTable) -> None:
    """Its lot was used up and is not here any more: what comes back goes to the last there is."""
    await ledger.play("""
        grant    A    10  first   -> applied   avail   10  held    0
        grant    A    20  second  -> applied   avail   30  held    0
        reserve  A    10  as R1   -> held      avail   20  held   10
        progress R1   10          -> alive     avail   20  held   10
        overdue  R1               -> overdue   avail   20  held   10
        sweep    R1               -> expired   avail   20  held    0
        reload   A    second      -> loaded    avail   20  held    0
        settle   R1    4          -> adjusted  avail   26  held    0
    """)
    assert await reported(ledger) == {"amount": "-6", "returned": "second=6"}
    [entry] = [each for each in await ledger.entries("A") if each["kind"] == "adjusted"]
    assert (entry["epoch"], entry["adjusts_epoch"]) == ("2", "1")
