"""Books a batch of entries: a few statements for any number of them, and each entry once.

An entry is known by (account, epoch, seq); what was booked before comes back from the insert as
nothing, and nothing else is done for it. Entries may come in any order: all they do is add.

Two kinds of entries set PostgreSQL and Redis apart, and each brings a correction for Redis in the
same transaction: one of an epoch that Redis has left (it is booked, and Redis never knew of it),
and a second charge of a request that was charged before (Redis took it, and it does not count).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection
from control_plane.ledger import corrections
from control_plane.ledger.corrections import Correction
from control_plane.ledger.outbox_entry import Entry, Move, Unbookable

_SQL = queries.load("control_plane.ledger")
_LOCK_ACCOUNTS, _CREATE_TRANSACTIONS = _SQL["lock_accounts"], _SQL["create_transactions"]
_CREATE_ENTRIES, _CREATE_ALERTS = _SQL["create_entries"], _SQL["create_alerts"]
_CHANGE_LOTS, _CHANGE_ACCOUNTS = _SQL["change_lots"], _SQL["change_accounts"]

Epochs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry that was new, as far as it counts, under the number of its ledger transaction."""

    tx: int
    entry: Entry
    void: bool = False


async def book(connection: Connection, entries: Sequence[Entry]) -> list[Booked]:
    """Book what is new of these and return it. The caller's transaction makes it one.

    Raises Unbookable for an account that is unknown or of an earlier epoch, and asyncpg's errors
    for what the schema refuses, an unknown lot for one.
    """
    if not entries:
        return []
    epochs = await _lock(connection, entries)
    fresh, owed = await _create_transactions(connection, entries, epochs)
    if fresh:
        await _create_entries(connection, fresh)
        await _change_accounts(connection, fresh, epochs)
        await _create_alerts(connection, fresh)
        await corrections.create(connection, owed)
    return fresh


async def _lock(connection: Connection, entries: Sequence[Entry]) -> Epochs:
    accounts = sorted({entry.account for entry in entries})
    rows = await connection.fetch(_LOCK_ACCOUNTS, accounts)
    epochs = {row["id"]: row["epoch"] for row in rows}
    for entry in entries:
        epoch = epochs.get(entry.account)
        if epoch is None:
            raise Unbookable(f"there is no account {entry.account}")
        # An account enters an epoch here before Redis knows of it: this is of another Redis.
        if entry.epoch > epoch:
            raise Unbookable(f"epoch {entry.epoch} is later than the account's, which is {epoch}")
    return epochs


async def _create_transactions(
    connection: Connection, entries: Sequence[Entry], epochs: Epochs
) -> tuple[list[Booked], list[Correction]]:
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
        [entry.of for entry in given],
    )
    fresh, owed = [], []
    for row in rows:
        entry = by_number[row["account"], row["epoch"], row["seq"]]
        late = entry.epoch < epochs[entry.account]
        counted = entry.voided() if row["void"] else entry.outlived() if late else entry
        if late != row["void"]:
            # What is late and void was never taken where it would have to be given back.
            owed.append(corrections.after(counted) if late else corrections.undo(entry))
        fresh.append(Booked(row["id"], counted, row["void"]))
    return fresh, owed


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


async def _change_accounts(connection: Connection, fresh: Sequence[Booked], epochs: Epochs) -> None:
    """The numbers of an epoch that is over are no longer counted."""
    seq: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    debt: defaultdict[str, int] = defaultdict(int)
    for booked in fresh:
        entry = booked.entry
        current = entry.epoch == epochs[entry.account]
        seq[entry.account] = max(seq[entry.account], entry.seq if current else 0)
        count[entry.account] += current
        debt[entry.account] += entry.debt
    await connection.execute(
        _CHANGE_ACCOUNTS, list(seq), list(seq.values()), list(count.values()), list(debt.values())
    )


async def _create_alerts(connection: Connection, fresh: Sequence[Booked]) -> None:
    told = [(booked, booked.entry.alert) for booked in fresh if booked.entry.alert]
    if told:
        await connection.execute(
            _CREATE_ALERTS,
            [booked.tx for booked, _ in told],
            [booked.entry.account for booked, _ in told],
            [alert.threshold_percent for _, alert in told],
            [alert.remaining for _, alert in told],
            [alert.basis for _, alert in told],
            [booked.entry.at_ms for booked, _ in told],
        )
