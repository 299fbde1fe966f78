"""Reading an outbox entry: what was moved, and that every transaction balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control_plane.ledger.outbox_entry import Entry, Unbookable, read

FIELDS = {
    b"__data__": b"{}",
    b"kind": b"lapsed",
    b"account": b"A",
    b"seq": b"7",
    b"epoch": b"2",
    b"amount": b"0",
    b"lapsed": b"L1=40;L2=2",
}


def test_an_entry_says_when_what_and_whose() -> None:
    entry = read("1700000000123-4", FIELDS)
    assert (entry.at_ms, entry.account, entry.epoch, entry.seq) == (1700000000123, "A", 2, 7)
    assert entry.lapsed == (("L1", 40), ("L2", 2))
    assert (entry.charged, entry.effect, entry.event) == (0, 42, None)


@pytest.mark.parametrize(
    "change",
    [
        {b"kind": b"stolen"},
        {b"seq": b"seven"},
        {b"seq": b"9223372036854775808"},
        {b"lapsed": b"L1"},
        {b"lapsed": b"L1=9223372036854775808"},
        {b"lapsed": b"L1=2=3"},
        {b"kind": b"settled"},
        {b"account": b"\xff"},
    ],
)
def test_what_cannot_be_read_is_unbookable(change: dict[bytes, bytes]) -> None:
    with pytest.raises(Unbookable):
        read("1-0", {**FIELDS, **change})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Unbookable, match="epoch"):
        read("1-0", {name: value for name, value in FIELDS.items() if name != b"epoch"})


PARTS = st.lists(st.tuples(st.sampled_from("LMN"), st.integers(1, 10**15)), max_size=4).map(tuple)


@given(taken=PARTS, lapsed=PARTS, returned=PARTS, debt=st.integers(-(10**15), 10**15))
def test_the_lines_of_any_entry_sum_to_zero(
    taken: tuple[tuple[str, int], ...],
    lapsed: tuple[tuple[str, int], ...],
    returned: tuple[tuple[str, int], ...],
    debt: int,
) -> None:
    entry = Entry("1-0", 1, "adjusted", "A", 1, 1, "r", taken, lapsed, returned, debt, None)
    moves = entry.moves()
    assert sum(move.amount for move in moves) == 0
    customers = sum(m.amount for m in moves if m.ledger_account.startswith("customer_"))
    assert customers == -entry.effect
