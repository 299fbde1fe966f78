"""The audit's reads from PostgreSQL, and the record of each run."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.audit.reconciliation import AccountState
from control_plane.ledger.outbox_entry import Entry, Unpostable, read

_SQL = queries.load("control_plane.ledger")
_LIST_ACCOUNTS, _LIST_ACCOUNT_STATES = _SQL["list_accounts"], _SQL["list_account_states"]
_RECENT_CHANGES, _POSTED_NUMBERS = _SQL["recent_changes"], _SQL["posted_numbers"]
_LIST_UNKNOWN, _FREEZE, _UNFREEZE = _SQL["list_unknown"], _SQL["freeze"], _SQL["unfreeze"]
_LIST_DEAD_LETTERS, _SUM_LEDGER = _SQL["list_dead_letters"], _SQL["sum_ledger"]
_DEAD_LETTERS_OF = _SQL["dead_letters_of"]
_SUM_BALANCES, _CREATE_RUN = _SQL["sum_balances"], _SQL["create_run"]

Number = tuple[str, int, int]
"""The unique number of an entry: account, epoch, seq."""


async def list_accounts(pool: Pool) -> dict[int, list[str]]:
    """All accounts by shard."""
    accounts: defaultdict[int, list[str]] = defaultdict(list)
    for row in await pool.fetch(_LIST_ACCOUNTS):
        accounts[row["shard"]].append(row["id"])
    return accounts


async def list_account_states(
    connection: Connection, accounts: Sequence[str]
) -> dict[str, AccountState]:
    """The state of these accounts by id, as of the caller's snapshot."""
    recent: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in await connection.fetch(_RECENT_CHANGES, accounts):
        recent[row["account"]][row["change_seq"]] = row["amount"]
    return {
        row["id"]: AccountState(
            account=row["id"],
            epoch=row["epoch"],
            seq=row["seq"],
            posted=row["posted"],
            change_seq=row["change_seq"],
            debt=row["debt"],
            remaining=row["remaining"],
            lowest=row["lowest"],
            recent=recent[row["id"]],
        )
        for row in await connection.fetch(_LIST_ACCOUNT_STATES, accounts)
    }


async def posted_numbers(connection: Connection, entries: Sequence[Entry]) -> set[Number]:
    """The numbers of those entries that are posted."""
    rows = await connection.fetch(
        _POSTED_NUMBERS,
        [entry.account for entry in entries],
        [entry.epoch for entry in entries],
        [entry.seq for entry in entries],
    )
    return {(row["account"], row["epoch"], row["seq"]) for row in rows}


async def list_dead_letters(connection: Connection) -> list[Entry]:
    """Unresolved dead letters: nothing they moved has been posted."""
    entries = []
    for row in await connection.fetch(_LIST_DEAD_LETTERS):
        fields = {k.encode(): v.encode() for k, v in json.loads(row["fields"]).items()}
        try:
            entries.append(read(row["entry_id"], fields))
        except Unpostable:
            continue
    return entries


async def list_dead_letters_of(pool: Pool, accounts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Unresolved dead letters of these accounts: stream and entry, by account."""
    letters: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in await pool.fetch(_DEAD_LETTERS_OF, accounts):
        letters[row["account"]] += (row["name"],)
    return letters


async def sum_ledger(connection: Connection) -> dict[str, int]:
    """Micro-credits by ledger account."""
    return {row["ledger_account"]: row["amount"] for row in await connection.fetch(_SUM_LEDGER)}


async def sum_balances(connection: Connection) -> tuple[int, int]:
    """Micro-credits remaining in all lots, and the debt of all accounts."""
    row = await connection.fetchrow(_SUM_BALANCES)
    assert row is not None
    return row["remaining"], row["debt"]


async def list_unknown(source: Connection | Pool, accounts: Sequence[str]) -> list[str]:
    """Those that PostgreSQL does not have."""
    return [row["id"] for row in await source.fetch(_LIST_UNKNOWN, accounts)]


async def freeze(pool: Pool, drifting: Sequence[str]) -> list[str]:
    """Hold back grants to these accounts; returns the ids of accounts that are released."""
    await pool.execute(_FREEZE, drifting)
    return [row["id"] for row in await pool.fetch(_UNFREEZE, drifting)]


async def create_run(pool: Pool, started_at: datetime, clean: bool, report: str) -> None:
    """`report` is JSON."""
    await pool.execute(_CREATE_RUN, started_at, clean, report)
