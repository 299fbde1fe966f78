"""Tells Redis what PostgreSQL booked without it: a numbered change, like a grant.

Corrections of one account and one batch are one change: they only add.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection
from control_plane.ledger.outbox_entry import Entry

_CREATE = queries.load("control_plane.ledger")["create_correction"]


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much Redis must change each lot and the debt of an account."""

    account: str
    parts: Mapping[str, int]
    debt: int


def after(entry: Entry) -> Correction:
    """What this entry moved, for a Redis that began without it."""
    return Correction(entry.account, entry.parts(), entry.debt)


def undo(entry: Entry) -> Correction:
    """The reverse of what this entry moved, for a Redis that took it though it does not count."""
    reverse = {lot: -amount for lot, amount in entry.parts().items()}
    return Correction(entry.account, reverse, -entry.debt)


async def create(connection: Connection, owed: Sequence[Correction]) -> None:
    """Number and keep them, one for each account. Its row is locked by the caller."""
    parts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    debts: defaultdict[str, int] = defaultdict(int)
    for each in owed:
        debts[each.account] += each.debt
        for lot, amount in each.parts.items():
            parts[each.account][lot] += amount
    for account, debt in sorted(debts.items()):
        changes = {lot: amount for lot, amount in parts[account].items() if amount}
        if changes or debt:
            moved = sum(changes.values()) - debt
            lots, amounts = list(changes), list(changes.values())
            await connection.execute(_CREATE, account, lots, amounts, debt, moved)
