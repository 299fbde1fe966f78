"""Accounts, lots and changes in PostgreSQL, one row at a time; batches are in `booking`."""

from typing import Any

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.records import Change, Lot, NewLot
from shared import ledger

_SQL = queries.load("control_plane.ledger")
_OPEN_ACCOUNT, _NEXT_CHANGE, _STANDING = (
    _SQL["open_account"],
    _SQL["next_change"],
    _SQL["standing"],
)
_CREATE_LOT, _CREATE_GRANT = _SQL["create_lot"], _SQL["create_grant"]
_AMEND_ACCOUNT, _CREATE_AMENDMENT = _SQL["amend_account"], _SQL["create_amendment"]
_LOCK_ACCOUNT, _ENTER_EPOCH = _SQL["lock_account"], _SQL["enter_epoch"]
_LEVEL = _SQL["level"]
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


async def next_change(connection: Connection, account: str) -> int | None:
    """The number of the account's next change, its row locked. None: no such account."""
    number: int | None = await connection.fetchval(_NEXT_CHANGE, account)
    return number


async def standing(connection: Connection, account: str) -> int:
    """What is left in all lots."""
    return int(await connection.fetchval(_STANDING, account))


async def create_grant(
    connection: Connection, account: str, gv: int, lot_id: str, lot: NewLot
) -> None:
    """The lot, its ledger transaction, and the word to Redis."""
    await connection.execute(
        _CREATE_LOT,
        *(lot_id, account, gv, lot.source, lot.amount, lot.source.priority, lot.expires_at),
    )
    await connection.execute(
        _CREATE_GRANT, account, gv, lot_id, lot.amount, lot.source.counterpart, lot.source
    )
    await connection.execute(_SET_ALERT_BASIS, account)


async def set_floor(connection: Connection, account: str, floor: int) -> None:
    """How far below zero a charge may take it, with the word to Redis if that is news."""
    await connection.execute(_SET_FLOOR, account, floor)


async def amend(connection: Connection, account: str, state: str, tier: str) -> int | None:
    """Change both and put the word to Redis beside it. None: no such account."""
    gv: int | None = await connection.fetchval(_AMEND_ACCOUNT, account, state, tier)
    if gv is not None:
        await connection.execute(_CREATE_AMENDMENT, account, gv, state, tier)
    return gv


async def lock_snapshot(connection: Connection, account: str) -> ledger.Snapshot | None:
    """The account as Redis must know it, entered into its shard's epoch; its row locked."""
    row = await connection.fetchrow(_LOCK_ACCOUNT, account)
    if row is None:
        return None
    if row["epoch"] < row["shard_epoch"]:
        await connection.execute(_ENTER_EPOCH, account, row["shard_epoch"])
        await connection.execute(_LEVEL, account)
        row = await connection.fetchrow(_LOCK_ACCOUNT, account)
        assert row is not None
    lots = await connection.fetch(_LIST_SPENDABLE, account)
    capped = await connection.fetch(_LIST_CAPPED, account)
    return ledger.Snapshot(
        account=account,
        epoch=row["shard_epoch"],
        seq=row["seq"],
        gv=row["gv"],
        debt=row["debt"],
        floor=row["floor"],
        state=row["state"],
        tier=row["tier"],
        lots=tuple(_spendable(lot) for lot in lots),
        basis=row["alert_basis"],
        capped=tuple((key["id"], key["spent_micro"]) for key in capped),
    )


def _spendable(row: asyncpg.Record) -> ledger.Lot:
    score = ledger.burn_score(row["priority"], row["expires_at_s"])
    return ledger.Lot(row["id"], row["remaining"], score)


async def take_undelivered(connection: Connection, limit: int) -> list[Change]:
    """Changes that Redis may not have yet, each locked against another relay."""
    return [Change(**row) for row in await connection.fetch(_TAKE_UNDELIVERED, limit)]


async def list_changes(
    source: Connection | Pool, account: str, after: int, to: int
) -> list[Change]:
    """The account's changes numbered after … to, in order."""
    return [Change(**row) for row in await source.fetch(_LIST_CHANGES, account, after, to)]


async def mark_delivered(connection: Connection, change: Change) -> None:
    """Redis has it."""
    await connection.execute(_MARK_DELIVERED, change.account, change.gv)


async def mark_refused(connection: Connection, change: Change) -> None:
    """Redis could not take it: it is carried again after a while."""
    await connection.execute(_MARK_REFUSED, change.account, change.gv)


async def count_refused(source: Connection | Pool) -> int:
    """Changes that wait because Redis could not take them."""
    return int(await source.fetchval(_COUNT_REFUSED))


async def list_expiring(source: Connection | Pool, limit: int) -> list[str]:
    """Accounts with a lot that has expired and of which something is left in the books."""
    return [row["account"] for row in await source.fetch(_LIST_EXPIRING, limit)]


async def list_lots(source: Connection | Pool, account: str) -> list[Lot]:
    """In burn order, without those that have expired."""
    return [Lot(**row) for row in await source.fetch(_LIST_LOTS, account)]


async def find_debt(source: Connection | Pool, account: str) -> int | None:
    """None: no such account."""
    debt: Any = await source.fetchval(_FIND_DEBT, account)
    return None if debt is None else int(debt)
