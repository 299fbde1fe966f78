"""Accounts, lots and account changes in PostgreSQL, row by row; `posting` handles batches."""

from typing import Any

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.records import Change, Lot, NewLot
from shared import ledger_records

_SQL = queries.load("control_plane.ledger")
_OPEN_ACCOUNT, _NEXT_CHANGE, _SUM_REMAINING = (
    _SQL["open_account"],
    _SQL["next_change_seq"],
    _SQL["sum_remaining"],
)
_CREATE_LOT, _CREATE_GRANT = _SQL["create_lot"], _SQL["create_grant"]
_AMEND_ACCOUNT, _CREATE_AMENDMENT = _SQL["amend_account"], _SQL["create_amendment"]
_LOCK_ACCOUNT, _ENTER_EPOCH = _SQL["lock_account"], _SQL["enter_epoch"]
_NET_LOTS = _SQL["net_lots"]
_LIST_SPENDABLE, _LIST_LOTS, _FIND_DEBT = (
    _SQL["list_spendable"],
    _SQL["list_lots"],
    _SQL["find_debt"],
)
_LIST_CAPPED = _SQL["list_capped"]
_TAKE_UNDELIVERED, _LIST_CHANGES = _SQL["take_undelivered"], _SQL["list_changes"]
_MARK_DELIVERED, _MARK_REFUSED = _SQL["mark_delivered"], _SQL["mark_refused"]
_SET_ALERT_BASIS, _SET_FLOOR = _SQL["set_alert_basis"], _SQL["set_floor"]
_COUNT_REFUSED, _LIST_EXPIRING = _SQL["count_refused"], _SQL["list_expiring"]


async def open_account(connection: Connection, account: str, shard: int, tier: str) -> None:
    """An account without credits."""
    await connection.execute(_OPEN_ACCOUNT, account, shard, tier)


async def next_change_seq(connection: Connection, account: str) -> int | None:
    """Lock the account and take its next change number. None: no such account."""
    number: int | None = await connection.fetchval(_NEXT_CHANGE, account)
    return number


async def sum_remaining(connection: Connection, account: str) -> int:
    """Micro-credits remaining in all lots."""
    return int(await connection.fetchval(_SUM_REMAINING, account))


async def create_grant(
    connection: Connection, account: str, change_seq: int, lot_id: str, lot: NewLot
) -> None:
    """Create the lot, its ledger transaction, and the account change."""
    await connection.execute(
        _CREATE_LOT,
        lot_id,
        account,
        change_seq,
        lot.source,
        lot.amount,
        lot.source.priority,
        lot.expires_at,
    )
    await connection.execute(
        _CREATE_GRANT, account, change_seq, lot_id, lot.amount, lot.source.counterpart, lot.source
    )
    await connection.execute(_SET_ALERT_BASIS, account)


async def set_floor(connection: Connection, account: str, floor: int) -> None:
    """Set the floor; creates an account change only when it differs."""
    await connection.execute(_SET_FLOOR, account, floor)


async def amend(connection: Connection, account: str, state: str, tier: str) -> int | None:
    """Set both and create the account change. Its number, or None: no such account."""
    change_seq: int | None = await connection.fetchval(_AMEND_ACCOUNT, account, state, tier)
    if change_seq is not None:
        await connection.execute(_CREATE_AMENDMENT, account, change_seq, state, tier)
    return change_seq


async def lock_snapshot(connection: Connection, account: str) -> ledger_records.Snapshot | None:
    """Lock the account, enter it into its shard's epoch, and return it for loading into Redis."""
    row = await connection.fetchrow(_LOCK_ACCOUNT, account)
    if row is None:
        return None
    if row["epoch"] < row["shard_epoch"]:
        await connection.execute(_ENTER_EPOCH, account, row["shard_epoch"])
        await connection.execute(_NET_LOTS, account)
        row = await connection.fetchrow(_LOCK_ACCOUNT, account)
        assert row is not None
    lots = await connection.fetch(_LIST_SPENDABLE, account)
    capped = await connection.fetch(_LIST_CAPPED, account)
    return ledger_records.Snapshot(
        account=account,
        epoch=row["shard_epoch"],
        seq=row["seq"],
        change_seq=row["change_seq"],
        debt=row["debt"],
        floor=row["floor"],
        state=row["state"],
        tier=row["tier"],
        lots=tuple(_spendable(lot) for lot in lots),
        basis=row["alert_basis"],
        capped=tuple((key["id"], key["spent_micro"]) for key in capped),
    )


def _spendable(row: asyncpg.Record) -> ledger_records.Lot:
    score = ledger_records.burn_score(row["priority"], row["expires_at_s"])
    return ledger_records.Lot(row["id"], row["remaining"], score)


async def take_undelivered(connection: Connection, limit: int) -> list[Change]:
    """Undelivered changes, locked so that no other relay delivers them."""
    return [Change(**row) for row in await connection.fetch(_TAKE_UNDELIVERED, limit)]


async def list_changes(
    source: Connection | Pool, account: str, after: int, to: int
) -> list[Change]:
    """The account's changes with numbers above `after`, up to `to`, in order."""
    return [Change(**row) for row in await source.fetch(_LIST_CHANGES, account, after, to)]


async def mark_delivered(connection: Connection, change: Change) -> None:
    """Redis has applied the change."""
    await connection.execute(_MARK_DELIVERED, change.account, change.change_seq)


async def mark_refused(connection: Connection, change: Change) -> None:
    """Redis refused the change; it is retried later."""
    await connection.execute(_MARK_REFUSED, change.account, change.change_seq)


async def count_refused(source: Connection | Pool) -> int:
    """How many undelivered changes Redis has refused."""
    return int(await source.fetchval(_COUNT_REFUSED))


async def list_expiring(source: Connection | Pool, limit: int) -> list[str]:
    """Accounts with an expired lot that has credits remaining."""
    return [row["account"] for row in await source.fetch(_LIST_EXPIRING, limit)]


async def list_lots(source: Connection | Pool, account: str) -> list[Lot]:
    """Lots that have not expired, in burn order."""
    return [Lot(**row) for row in await source.fetch(_LIST_LOTS, account)]


async def find_debt(source: Connection | Pool, account: str) -> int | None:
    """The debt in micro-credits. None: no such account."""
    debt: Any = await source.fetchval(_FIND_DEBT, account)
    return None if debt is None else int(debt)
