"""Books a batch of entries: a few statements for any number of them, and each entry once.

An entry is known by (account, epoch, seq); what was booked before comes back from the insert as
nothing, and nothing else is done for it. Entries may come in any order: all they do is add.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from control_plane.credits.entries import Entry, Move, Unbookable
from control_plane.kit import queries
from control_plane.kit.database import Connection

_SQL = queries.load("control_plane.credits")
_LOCK_ACCOUNTS, _CREATE_TRANSACTIONS = _SQL["lock_accounts"], _SQL["create_transactions"]
_CREATE_ENTRIES = _SQL["create_entries"]
_CHANGE_LOTS, _CHANGE_ACCOUNTS = _SQL["change_lots"], _SQL["change_accounts"]


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry that was new, under the number of its ledger transaction."""

    tx: int
    entry: Entry


async def book(connection: Connection, entries: Sequence[Entry]) -> list[Booked]:
    """Book what is new of these and return it. The caller's transaction makes it one.

    Raises Unbookable for an account that is unknown or of another epoch, and asyncpg's errors for
    what the schema refuses, an unknown lot for one.
    """
    if not entries:
        return []
    await _lock(connection, entries)
    fresh = await _create_transactions(connection, entries)
    if fresh:
        await _create_entries(connection, fresh)
        await _change_accounts(connection, fresh)
    return fresh


async def _lock(connection: Connection, entries: Sequence[Entry]) -> None:
    accounts = sorted({entry.account for entry in entries})
    rows = await connection.fetch(_LOCK_ACCOUNTS, accounts)
    epochs = {row["id"]: row["epoch"] for row in rows}
    for entry in entries:
        epoch = epochs.get(entry.account)
        if epoch is None:
            raise Unbookable(f"there is no account {entry.account}")
        # Redis lost the account and was loaded again without this entry: booking it now would
        # set the two apart. It is kept aside, whole, for a person to decide.
        if entry.epoch != epoch:
            raise Unbookable(f"epoch {entry.epoch} is not the account's, which is {epoch}")


async def _create_transactions(connection: Connection, entries: Sequence[Entry]) -> list[Booked]:
    by_number = {(entry.account, entry.epoch, entry.seq): entry for entry in entries}
    given = list(by_number.values())
    rows = await connection.fetch(
        _CREATE_TRANSACTIONS,
        [entry.account for entry in given],
        [entry.kind for entry in given],
        [entry.epoch for entry in given],
        [entry.seq for entry in given],
        [entry.at_ms for entry in given],
        [entry.request_id for entry in given],
        [entry.charged for entry in given],
    )
    return [Booked(row["id"], by_number[row["account"], row["epoch"], row["seq"]]) for row in rows]


async def _create_entries(connection: Connection, fresh: Sequence[Booked]) -> None:
    lines: list[tuple[int, Move]] = []
    lots: defaultdict[str, int] = defaultdict(int)
    for booked in fresh:
        for move in booked.entry.moves():
            lines.append((booked.tx, move))
            if move.lot is not None:
                lots[move.lot] += move.amount
    if not lines:
        return
    await connection.execute(
        _CREATE_ENTRIES,
        [tx for tx, _ in lines],
        [move.ledger_account for _, move in lines],
        [move.lot for _, move in lines],
        [move.amount for _, move in lines],
    )
    await connection.execute(_CHANGE_LOTS, list(lots), list(lots.values()))


async def _change_accounts(connection: Connection, fresh: Sequence[Booked]) -> None:
    seq: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    debt: defaultdict[str, int] = defaultdict(int)
    for booked in fresh:
        entry = booked.entry
        seq[entry.account] = max(seq[entry.account], entry.seq)
        count[entry.account] += 1
        debt[entry.account] += entry.debt
    await connection.execute(
        _CHANGE_ACCOUNTS, list(seq), list(seq.values()), list(count.values()), list(debt.values())
    )
