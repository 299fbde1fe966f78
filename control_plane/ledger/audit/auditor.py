"""Runs the reconciliation equation over all accounts and records what came of it.

Redis is read first, in one moment, then PostgreSQL in another, so on a moving system an account may
disagree for an instant: it is read again, up to five times, before it counts as drift.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

from redis.asyncio import Redis

from control_plane.kit import clock
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.audit import reconciliation, redis_state, store
from control_plane.ledger.audit.redis_state import ShardState
from control_plane.ledger.audit.report import AuditReport, Drift, Stray
from control_plane.ledger.outbox_entry import Entry

READINGS_MAX = 5
_PAUSE_S = 0.2
_CHUNK = 500


@dataclass(slots=True)
class _Findings:
    """What the readings of all shards add up to."""

    held: int = 0
    pending: int = 0
    drift: list[Drift] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)


class Auditor:
    """Proves the books of one deployment."""

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool, self._redis = pool, redis

    async def run(self) -> AuditReport:
        """Every account, then the books as a whole."""
        started_at = clock.now()
        found, accounts = _Findings(), 0
        known: set[str] = set()
        for shard, members in (await store.list_accounts(self._pool)).items():
            accounts += len(members)
            known.update(members)
            for start in range(0, len(members), _CHUNK):
                await self._check(shard, members[start : start + _CHUNK], found)
        found.drift += await self._find_strangers(known)
        report = await self._report(accounts, found)
        await self._freeze(report)
        body = json.dumps(asdict(report))
        await store.create_run(self._pool, started_at, report.clean, body)
        return report

    async def _find_strangers(self, known: set[str]) -> list[Drift]:
        """Accounts known to Redis alone; one that was opened meanwhile is none of them."""
        found = await redis_state.list_strangers(self._redis, known)
        unknown = await store.list_unknown(self._pool, list(found))
        return [Drift(each, "unknown account", 0, found[each]) for each in unknown]

    async def _freeze(self, report: AuditReport) -> None:
        """No grant goes to an account that drifts, until an audit finds it clean again."""
        drifting = sorted({each.account for each in report.drift} - {"books"})
        unknown = await store.list_unknown(self._pool, drifting)
        await store.freeze(self._pool, [each for each in drifting if each not in unknown])

    async def _check(self, shard: int, accounts: Sequence[str], found: _Findings) -> None:
        """Accounts that disagree are read again; the others are done with."""
        for reading in range(READINGS_MAX):
            if reading:
                await asyncio.sleep(_PAUSE_S)
            state = await redis_state.read_shard(self._redis, shard, accounts)
            drift, pending = await self._compare(state, accounts)
            wrong = {each.account for each in drift}
            agreeing = [a for a in accounts if a not in wrong or reading == READINGS_MAX - 1]
            _count(found, state, agreeing, pending)
            accounts = [account for account in accounts if account in wrong]
            if not accounts:
                return
        found.drift += drift

    async def _compare(
        self, state: ShardState, accounts: Sequence[str]
    ) -> tuple[list[Drift], list[Entry]]:
        async with self._snapshot() as connection:
            standings = await store.list_standings(connection, accounts)
            entries = [*state.entries, *await store.list_dead_letters(connection)]
            mine = [entry for entry in entries if entry.account in standings]
            booked = await store.booked_numbers(connection, mine)
        pending = _pending(mine, booked)
        drift: list[Drift] = []
        for account, standing in standings.items():
            here = state.accounts.get(account)
            if here is not None and here.epoch != state.epoch:
                here = None
            # What is left of an epoch before a loss was never in this one's balance.
            number = (account, standing.epoch)
            ours = [entry for entry in pending if (entry.account, entry.epoch) == number]
            drift += reconciliation.check(standing, here, ours)
        return drift, pending

    async def _report(self, accounts: int, found: _Findings) -> AuditReport:
        async with self._snapshot() as connection:
            books = await store.sum_books(connection)
            remaining, debt = await store.sum_standing(connection)
        _check_books(books, remaining - debt, found)
        written_off, lapsed = -books.get("writeoff", 0), books.get("breakage", 0)
        charged = books.get("earned", 0) - written_off
        balance = remaining - debt
        granted = -sum(amount for name, amount in books.items() if name not in _NOT_GRANTS)
        return AuditReport(
            *(accounts, granted, charged, lapsed, balance, found.held, found.pending),
            *(tuple(found.drift), tuple(found.strays), written_off),
        )

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection


_CUSTOMERS = ("customer_credits", "customer_debt")
_NOT_GRANTS = (*_CUSTOMERS, "earned", "breakage", "writeoff")


def _pending(entries: Sequence[Entry], booked: set[store.Number]) -> list[Entry]:
    """Each once, though it may be both in the stream and kept aside."""
    waiting = {(entry.account, entry.epoch, entry.seq): entry for entry in entries}
    return [entry for number, entry in waiting.items() if number not in booked]


def _count(
    found: _Findings, state: ShardState, accounts: Sequence[str], pending: Sequence[Entry]
) -> None:
    done = set(accounts)
    found.held += sum(each.held for name, each in state.accounts.items() if name in done)
    found.pending += sum(entry.account in done for entry in pending)
    found.strays += [stray for stray in state.strays if stray.account in done]


def _check_books(books: dict[str, int], balance: int, found: _Findings) -> None:
    """The books as a whole: they sum to zero, and the customers' part is what the lots say."""
    if sum(books.values()):
        found.drift.append(Drift("books", "sum of all entries", 0, sum(books.values())))
    customers = sum(books.get(name, 0) for name in _CUSTOMERS)
    if customers != balance:
        found.drift.append(Drift("books", "balance of the customers", customers, balance))
