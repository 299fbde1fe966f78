"""Corrections: numbered account changes that bring Redis in line with what PostgreSQL has posted.

The corrections of one account in one batch are summed into one change.
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
    """By how many micro-credits Redis must change each lot and the debt of an account."""

    account: str
    parts: Mapping[str, int]
    debt: int


def repeat(entry: Entry) -> Correction:
    """What this entry moved, for an epoch that started without it."""
    return Correction(entry.account, entry.parts(), entry.debt)


def reverse(entry: Entry) -> Correction:
    """The reverse of what this entry moved, for an entry that is void but was taken in Redis."""
    parts = {lot: -amount for lot, amount in entry.parts().items()}
    return Correction(entry.account, parts, -entry.debt)


async def create(connection: Connection, needed: Sequence[Correction]) -> None:
    """Store one numbered change per account. The caller has locked the accounts' rows."""
    parts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    debts: defaultdict[str, int] = defaultdict(int)
    for each in needed:
        debts[each.account] += each.debt
        for lot, amount in each.parts.items():
            parts[each.account][lot] += amount
    for account, debt in sorted(debts.items()):
        changes = {lot: amount for lot, amount in parts[account].items() if amount}
        if changes or debt:
            net_amount = sum(changes.values()) - debt
            lots, amounts = list(changes), list(changes.values())
            await connection.execute(_CREATE, account, lots, amounts, debt, net_amount)
