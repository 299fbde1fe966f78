"""What the audit reads from PostgreSQL, and the run it leaves there."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.audit.reconciliation import Standing
from control_plane.ledger.outbox_entry import Entry, Unbookable, read

_SQL = queries.load("control_plane.ledger")
_LIST_ACCOUNTS, _STANDINGS = _SQL["list_accounts"], _SQL["standings"]
_RECENT_CHANGES, _BOOKED_NUMBERS = _SQL["recent_changes"], _SQL["booked_numbers"]
_LIST_UNKNOWN, _FREEZE, _UNFREEZE = _SQL["list_unknown"], _SQL["freeze"], _SQL["unfreeze"]
_LIST_DEAD_LETTERS, _SUM_BOOKS = _SQL["list_dead_letters"], _SQL["sum_books"]
_SUM_STANDING, _CREATE_RUN = _SQL["sum_standing"], _SQL["create_run"]

Number = tuple[str, int, int]
"""What an entry is known by: account, epoch, seq."""


async def list_accounts(pool: Pool) -> dict[int, list[str]]:
    """All accounts by shard."""
    accounts: defaultdict[int, list[str]] = defaultdict(list)
    for row in await pool.fetch(_LIST_ACCOUNTS):
        accounts[row["shard"]].append(row["id"])
    return accounts


async def list_standings(connection: Connection, accounts: Sequence[str]) -> dict[str, Standing]:
    """Inside the caller's snapshot."""
    recent: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in await connection.fetch(_RECENT_CHANGES, accounts):
        recent[row["account"]][row["gv"]] = row["moved"]
    return {
        row["id"]: Standing(
            *(row["id"], row["epoch"], row["seq"], row["booked"], row["gv"]),
            *(row["debt"], row["remaining"], row["lowest"], recent[row["id"]]),
        )
        for row in await connection.fetch(_STANDINGS, accounts)
    }


async def booked_numbers(connection: Connection, entries: Sequence[Entry]) -> set[Number]:
    """Which of these are booked."""
    rows = await connection.fetch(
        _BOOKED_NUMBERS,
        [entry.account for entry in entries],
        [entry.epoch for entry in entries],
        [entry.seq for entry in entries],
    )
    return {(row["account"], row["epoch"], row["seq"]) for row in rows}


async def list_dead_letters(connection: Connection) -> list[Entry]:
    """Entries kept aside count as on their way: nothing they moved has been booked."""
    entries = []
    for row in await connection.fetch(_LIST_DEAD_LETTERS):
        fields = {k.encode(): v.encode() for k, v in json.loads(row["fields"]).items()}
        try:
            entries.append(read(row["entry_id"], fields))
        except Unbookable:
            continue
    return entries


async def sum_books(connection: Connection) -> dict[str, int]:
    """Micro-credits by ledger account."""
    return {row["ledger_account"]: row["amount"] for row in await connection.fetch(_SUM_BOOKS)}


async def sum_standing(connection: Connection) -> tuple[int, int]:
    """What is left in all lots, and what is owed by all accounts."""
    row = await connection.fetchrow(_SUM_STANDING)
    assert row is not None
    return row["remaining"], row["debt"]


async def list_unknown(source: Connection | Pool, accounts: Sequence[str]) -> list[str]:
    """Which of these PostgreSQL has never heard of."""
    return [row["id"] for row in await source.fetch(_LIST_UNKNOWN, accounts)]


async def freeze(pool: Pool, drifting: Sequence[str]) -> list[str]:
    """Hold back the grants of these accounts; returns those whose grants may go out again."""
    await pool.execute(_FREEZE, drifting)
    return [row["id"] for row in await pool.fetch(_UNFREEZE, drifting)]


async def create_run(pool: Pool, started_at: datetime, clean: bool, report: str) -> None:
    """`report` is JSON."""
    await pool.execute(_CREATE_RUN, started_at, clean, report)
