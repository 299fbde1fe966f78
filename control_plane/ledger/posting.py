"""Posts a batch of outbox entries to the ledger: a few statements per batch, each entry once.

An entry is identified by (account, epoch, seq); the insert returns only new entries, and only those
are posted. Entries may arrive in any order, because they only add.

Two kinds of entries make PostgreSQL and Redis differ, and each creates a correction for Redis in
the same transaction: an entry of an epoch that Redis has left (it is posted, but Redis no longer
knows it), and a second charge of a request (Redis took it, but it is void).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection
from control_plane.ledger import corrections
from control_plane.ledger.corrections import Correction
from control_plane.ledger.outbox_entry import Entry, LedgerLine, Unpostable

_SQL = queries.load("control_plane.ledger")
_LOCK_ACCOUNTS, _CREATE_TRANSACTIONS = _SQL["lock_accounts"], _SQL["create_transactions"]
_CREATE_ENTRIES, _CREATE_ALERTS = _SQL["create_entries"], _SQL["create_alerts"]
_CHANGE_LOTS, _CHANGE_ACCOUNTS = _SQL["change_lots"], _SQL["change_accounts"]

Epochs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Posted:
    """A newly posted entry, reduced to what counts, and the id of its ledger transaction."""

    tx: int
    entry: Entry
    void: bool = False


async def post(connection: Connection, entries: Sequence[Entry]) -> list[Posted]:
    """Post the entries that are new and return them. Runs in the caller's transaction.

    Raises Unpostable for an unknown account or one of an earlier epoch, and asyncpg's errors for
    what the schema refuses, such as an unknown lot.
    """
    if not entries:
        return []
    epochs = await _lock_accounts(connection, entries)
    posted, needed = await _create_transactions(connection, entries, epochs)
    if posted:
        await _create_entries(connection, posted)
        await _change_accounts(connection, posted, epochs)
        await _create_alerts(connection, posted)
        await corrections.create(connection, needed)
    return posted


async def _lock_accounts(connection: Connection, entries: Sequence[Entry]) -> Epochs:
    accounts = sorted({entry.account for entry in entries})
    rows = await connection.fetch(_LOCK_ACCOUNTS, accounts)
    epochs = {row["id"]: row["epoch"] for row in rows}
    for entry in entries:
        epoch = epochs.get(entry.account)
        if epoch is None:
            raise Unpostable(f"there is no account {entry.account}")
        # PostgreSQL enters an epoch before Redis does, so this entry is from another Redis.
        if entry.epoch > epoch:
            raise Unpostable(f"epoch {entry.epoch} is later than the account's, which is {epoch}")
    return epochs


async def _create_transactions(
    connection: Connection, entries: Sequence[Entry], epochs: Epochs
) -> tuple[list[Posted], list[Correction]]:
    by_number = {(entry.account, entry.epoch, entry.seq): entry for entry in entries}
    unique = list(by_number.values())
    rows = await connection.fetch(
        _CREATE_TRANSACTIONS,
        [entry.account for entry in unique],
        [entry.kind for entry in unique],
        [entry.epoch for entry in unique],
        [entry.seq for entry in unique],
        [entry.at_ms for entry in unique],
        [entry.request_id for entry in unique],
        [entry.charged for entry in unique],
        [entry.adjusts_epoch for entry in unique],
    )
    posted, needed = [], []
    for row in rows:
        entry = by_number[row["account"], row["epoch"], row["seq"]]
        late = entry.epoch < epochs[entry.account]
        counted = entry.as_void() if row["void"] else entry.in_later_epoch() if late else entry
        if late != row["void"]:
            # An entry that is both late and void was never taken from the current epoch's Redis.
            needed.append(corrections.repeat(counted) if late else corrections.reverse(entry))
        posted.append(Posted(row["id"], counted, row["void"]))
    return posted, needed


async def _create_entries(connection: Connection, posted: Sequence[Posted]) -> None:
    lines: list[tuple[int, LedgerLine]] = []
    lots: defaultdict[str, int] = defaultdict(int)
    for each in posted:
        for line in each.entry.lines():
            lines.append((each.tx, line))
            if line.lot is not None:
                lots[line.lot] += line.amount
    if not lines:
        return
    await connection.execute(
        _CREATE_ENTRIES,
        [tx for tx, _ in lines],
        [line.ledger_account for _, line in lines],
        [line.lot for _, line in lines],
        [line.amount for _, line in lines],
    )
    await connection.execute(_CHANGE_LOTS, list(lots), list(lots.values()))


async def _change_accounts(
    connection: Connection, posted: Sequence[Posted], epochs: Epochs
) -> None:
    """Numbers of an earlier epoch are no longer counted."""
    seq: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    debt: defaultdict[str, int] = defaultdict(int)
    for each in posted:
        entry = each.entry
        current = entry.epoch == epochs[entry.account]
        seq[entry.account] = max(seq[entry.account], entry.seq if current else 0)
        count[entry.account] += current
        debt[entry.account] += entry.debt
    await connection.execute(
        _CHANGE_ACCOUNTS, list(seq), list(seq.values()), list(count.values()), list(debt.values())
    )


async def _create_alerts(connection: Connection, posted: Sequence[Posted]) -> None:
    alerts = [(each, each.entry.alert) for each in posted if each.entry.alert]
    if alerts:
        await connection.execute(
            _CREATE_ALERTS,
            [each.tx for each, _ in alerts],
            [each.entry.account for each, _ in alerts],
            [alert.threshold_percent for _, alert in alerts],
            [alert.remaining for _, alert in alerts],
            [alert.basis for _, alert in alerts],
            [each.entry.at_ms for each, _ in alerts],
        )
