"""What becomes of credits, told as tables."""

from shared import keyspace, scripts
from tests.support.ledger_table import LedgerTable


async def test_a_request_that_costs_less_than_its_hold(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A  1000          -> applied   avail 1000  held    0
        reserve  A   300  as R1   -> held      avail  700  held  300
        settle   R1  120          -> settled   avail  880  held    0
        settle   R1  120          -> repeated  avail  880  held    0
        settle   R1  500          -> repeated  avail  880  held    0
    """)


async def test_a_request_that_costs_more_than_its_hold(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    10  as R1   -> held      avail   90  held   10
        settle   R1   60          -> settled   avail   40  held    0
    """)


async def test_what_no_lot_can_pay_is_debt_and_the_next_grant_repays_it(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10          -> applied               avail   10  held    0
        reserve  A    10  as R1   -> held                  avail    0  held   10
        settle   R1   25          -> settled               avail  -15  held    0
        reserve  A     1  as R2   -> insufficient_credits  avail  -15  held    0
        grant    A    10          -> applied               avail   -5  held    0
        grant    A    20          -> applied               avail   15  held    0
        reserve  A    15  as R3   -> held                  avail    0  held   15
    """)


async def test_a_refused_request_writes_nothing(ledger: LedgerTable) -> None:
    await ledger.play("grant A 10 -> applied avail 10 held 0")
    before = await ledger.redis.dbsize()
    await ledger.play("reserve A 11 as R1 -> insufficient_credits avail 10 held 0")
    assert await ledger.redis.dbsize() == before
    await ledger.play("reserve A 10 as R1 -> held avail 0 held 10")


async def test_a_release_gives_everything_back(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        release  R1               -> released  avail  100  held    0
        release  R1               -> repeated  avail  100  held    0
        settle   R1   40          -> repeated  avail  100  held    0
    """)


async def test_the_same_request_reserves_once(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        reserve  A    40  as R1   -> repeated  avail   60  held   40
    """)


async def test_a_hold_grows_until_the_balance_is_used_up(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    30          -> applied               avail   30  held    0
        reserve  A    10  as R1   -> held                  avail   20  held   10
        extend   R1   15          -> extended              avail    5  held   25
        extend   R1   15          -> insufficient_credits  avail    5  held   25
        settle   R1   22          -> settled               avail    8  held    0
        extend   R1    1          -> gone                  avail    8  held    0
    """)


async def test_a_dead_replica_before_the_provider_costs_nothing(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        sweep    R1               -> early     avail   60  held   40
        overdue  R1               -> overdue   avail   60  held   40
        sweep    R1               -> released  avail  100  held    0
        sweep    R1               -> gone      avail  100  held    0
        release  R1               -> repeated  avail  100  held    0
        reserve  A    40  as R1   -> repeated  avail  100  held    0
    """)


async def test_a_dead_replica_mid_stream_is_charged_its_last_progress(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A   100          -> applied   avail  100  held    0
        reserve  A    40  as R1   -> held      avail   60  held   40
        progress R1    7          -> alive     avail   60  held   40
        progress R1    5          -> alive     avail   60  held   40
        overdue  R1               -> overdue   avail   60  held   40
        sweep    R1               -> expired   avail   93  held    0
        progress R1    9          -> gone      avail   93  held    0
    """)


async def test_a_charge_without_a_hold_is_taken_all_the_same(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        settle   R9   30  A       -> unreserved  avail   70  held    0
        settle   R9   30  A       -> repeated    avail   70  held    0
    """)


async def test_what_was_charged_without_a_hold_is_not_held_again(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A   100          -> applied     avail  100  held    0
        settle   R9   30  A       -> unreserved  avail   70  held    0
        reserve  A    30  as R9   -> repeated    avail   70  held    0
        settle   R9   30  A       -> repeated    avail   70  held    0
    """)


async def test_lots_burn_in_their_order_and_a_rest_returns_to_where_it_came_from(
    ledger: LedgerTable,
) -> None:
    await ledger.play("""
        grant    A    10  first   -> applied   avail   10  held    0
        grant    A    10  second  -> applied   avail   20  held    0
        reserve  A    15  as R1   -> held      avail    5  held   15
        settle   R1   12          -> settled   avail    8  held    0
    """)
    assert (await ledger.entries("A"))[-1]["alloc"] == "first=10000000;second=2000000"


async def test_debt_ends_at_the_floor_and_the_rest_is_written_off(ledger: LedgerTable) -> None:
    await ledger.play("""
        grant    A    10          -> applied  avail   10  held    0
        reserve  A    10  as R1   -> held     avail    0  held   10
        settle   R1   90          -> settled  avail  -50  held    0
        settle   R2   40  A       -> unreserved avail -50 held 0
        grant    A    60          -> applied  avail   10  held    0
    """)
    reported = [(e["kind"], e["amount"], e.get("writeoff")) for e in await ledger.entries("A")]
    posted = [entry for entry in reported if entry[0] != "alert"]
    assert posted == [
        ("settled", "90000000", "30000000"),
        ("unreserved", "40000000", "40000000"),
        ("repaid", "0", None),
    ]


async def test_another_floor_holds_from_the_next_charge_on(ledger: LedgerTable) -> None:
    """Debt beyond a new floor stays, and nothing is added to it."""
    await ledger.play("""
        grant    A    10          -> applied     avail   10  held    0
        settle   R1   30  A       -> unreserved  avail  -20  held    0
        amend    A   -25          -> applied     avail  -20  held    0
        settle   R2   30  A       -> unreserved  avail  -25  held    0
        amend    A    -5          -> applied     avail  -25  held    0
        settle   R3   30  A       -> unreserved  avail  -25  held    0
        grant    A    21          -> applied     avail   -4  held    0
        settle   R4   30  A       -> unreserved  avail   -5  held    0
    """)
    assert [e.get("writeoff") for e in await ledger.entries("A") if e["kind"] == "unreserved"] == [
        "0",
        "25000000",
        "30000000",
        "29000000",
    ]


async def test_an_older_control_plane_amends_without_a_floor(ledger: LedgerTable) -> None:
    await ledger.play("grant A 10 -> applied avail 10 held 0")
    keys = [keyspace.account_key("A"), keyspace.meta_key(keyspace.shard_of("A"))]
    await ledger.calls.call(scripts.AMEND, keys, [2, "suspended", "plan"])
    account = await ledger.account("A")
    assert (account["state"], account["floor"]) == ("suspended", "-50000000")
