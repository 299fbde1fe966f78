"""Reading an outbox entry: what was moved, and that every transaction balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control_plane.ledger.outbox_entry import Entry, Unpostable, read

FIELDS = {
    b"__data__": b"{}",
    b"kind": b"lots_expired",
    b"account": b"A",
    b"seq": b"7",
    b"epoch": b"2",
    b"amount": b"0",
    b"expired": b"L1=40;L2=2",
}


def test_an_entry_says_when_what_and_whose() -> None:
    entry = read("1700000000123-4", FIELDS)
    assert (entry.at_ms, entry.account, entry.epoch, entry.seq) == (1700000000123, "A", 2, 7)
    assert entry.expired == (("L1", 40), ("L2", 2))
    assert (entry.charged, entry.effect, entry.event) == (0, 42, None)


@pytest.mark.parametrize(
    "change",
    [
        {b"kind": b"stolen"},
        {b"seq": b"seven"},
        {b"seq": b"9223372036854775808"},
        {b"expired": b"L1"},
        {b"expired": b"L1=9223372036854775808"},
        {b"expired": b"L1=2=3"},
        {b"kind": b"settled"},
        {b"account": b"\xff"},
    ],
)
def test_what_cannot_be_read_is_unbookable(change: dict[bytes, bytes]) -> None:
    with pytest.raises(Unpostable):
        read("1-0", {**FIELDS, **change})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Unpostable, match="epoch"):
        read("1-0", {name: value for name, value in FIELDS.items() if name != b"epoch"})


PARTS = st.lists(st.tuples(st.sampled_from("LMN"), st.integers(1, 10**15)), max_size=4).map(tuple)


@given(taken=PARTS, expired=PARTS, returned=PARTS, debt=st.integers(-(10**15), 10**15))
def test_the_lines_of_any_entry_sum_to_zero(
    taken: tuple[tuple[str, int], ...],
    expired: tuple[tuple[str, int], ...],
    returned: tuple[tuple[str, int], ...],
    debt: int,
) -> None:
    entry = Entry("1-0", 1, "adjusted", "A", 1, 1, "r", taken, expired, returned, debt, None)
    lines = entry.lines()
    assert sum(line.amount for line in lines) == 0
    customers = sum(m.amount for m in lines if m.ledger_account.startswith("customer_"))
    assert customers == -entry.effect
