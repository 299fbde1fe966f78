"""Reconciles every account between PostgreSQL and Redis, and records the result.

Redis is read in one transaction and PostgreSQL in another, so on a running system an account may
disagree for a moment. An account that disagrees is read again, up to five times, before it counts
as drift.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace

from redis.asyncio import Redis

from control_plane.kit import clock
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.audit import reconciliation, redis_state, store
from control_plane.ledger.audit.redis_state import ShardState
from control_plane.ledger.audit.report import AuditReport, Drift, OrphanedHold
from control_plane.ledger.outbox_entry import Entry

READINGS_MAX = 5
_PAUSE_S = 0.2
_CHUNK = 500


@dataclass(slots=True)
class _Findings:
    """Totals over all shards. `held` is in micro-credits, `pending` counts outbox entries."""

    held: int = 0
    pending: int = 0
    drift: list[Drift] = field(default_factory=list)
    orphaned_holds: list[OrphanedHold] = field(default_factory=list)


class Auditor:
    """Audits one deployment."""

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool, self._redis = pool, redis

    async def run(self) -> AuditReport:
        """Check every account, then the ledger as a whole. Freezes accounts that drift."""
        started_at = clock.now()
        findings, accounts = _Findings(), 0
        known: set[str] = set()
        for shard, members in (await store.list_accounts(self._pool)).items():
            accounts += len(members)
            known.update(members)
            for start in range(0, len(members), _CHUNK):
                await self._check(shard, members[start : start + _CHUNK], findings)
        findings.drift = await self._explained(findings.drift)
        findings.drift += await self._find_unknown_accounts(known)
        report = await self._report(accounts, findings)
        await self._freeze(report)
        body = json.dumps(asdict(report))
        await store.create_run(self._pool, started_at, report.clean, body)
        return report

    async def _find_unknown_accounts(self, known: set[str]) -> list[Drift]:
        """Accounts in Redis that PostgreSQL lacks, except those opened during the audit."""
        found = await redis_state.list_unknown_accounts(self._redis, known)
        unknown = await store.list_unknown(self._pool, list(found))
        return [Drift(each, "unknown account", 0, found[each]) for each in unknown]

    async def _explained(self, drift: list[Drift]) -> list[Drift]:
        """Names the dead letters of accounts whose numbers of events disagree."""
        accounts = [each.account for each in drift if each.unit == "events"]
        letters = await store.list_dead_letters_of(self._pool, accounts) if accounts else {}
        return [
            replace(each, dead_letters=letters.get(each.account, ()))
            if each.unit == "events"
            else each
            for each in drift
        ]

    async def _freeze(self, report: AuditReport) -> None:
        """Hold back grants to accounts that drift, until an audit finds them clean again."""
        drifting = sorted({each.account for each in report.drift} - {"ledger"})
        unknown = await store.list_unknown(self._pool, drifting)
        await store.freeze(self._pool, [each for each in drifting if each not in unknown])

    async def _check(self, shard: int, accounts: Sequence[str], findings: _Findings) -> None:
        """Accounts that disagree are read again; accounts that agree are counted once."""
        for reading in range(READINGS_MAX):
            if reading:
                await asyncio.sleep(_PAUSE_S)
            shard_state = await redis_state.read_shard(self._redis, shard, accounts)
            drift, pending = await self._compare(shard_state, accounts)
            wrong = {each.account for each in drift}
            settled = [a for a in accounts if a not in wrong or reading == READINGS_MAX - 1]
            _count(findings, shard_state, settled, pending)
            accounts = [account for account in accounts if account in wrong]
            if not accounts:
                return
        findings.drift += drift

    async def _compare(
        self, shard_state: ShardState, accounts: Sequence[str]
    ) -> tuple[list[Drift], list[Entry]]:
        async with self._snapshot() as connection:
            account_states = await store.list_account_states(connection, accounts)
            entries = [*shard_state.entries, *await store.list_dead_letters(connection)]
            mine = [entry for entry in entries if entry.account in account_states]
            posted = await store.posted_numbers(connection, mine)
        pending = _pending(mine, posted)
        drift: list[Drift] = []
        for account, account_state in account_states.items():
            redis_account = shard_state.accounts.get(account)
            if redis_account is not None and redis_account.epoch != shard_state.epoch:
                redis_account = None
            # Entries of an earlier epoch were never part of this epoch's balance.
            number = (account, account_state.epoch)
            own = [entry for entry in pending if (entry.account, entry.epoch) == number]
            drift += reconciliation.check(account_state, redis_account, own)
        return drift, pending

    async def _report(self, accounts: int, findings: _Findings) -> AuditReport:
        async with self._snapshot() as connection:
            sums = await store.sum_ledger(connection)
            remaining, debt = await store.sum_balances(connection)
        balance = remaining - debt
        _check_ledger(sums, balance, findings)
        written_off = -sums.get("writeoff", 0)
        return AuditReport(
            accounts=accounts,
            granted=-sum(amount for name, amount in sums.items() if name not in _NOT_GRANTS),
            charged=sums.get("earned", 0) - written_off,
            expired=sums.get("breakage", 0),
            balance=balance,
            held=findings.held,
            pending=findings.pending,
            drift=tuple(findings.drift),
            orphaned_holds=tuple(findings.orphaned_holds),
            written_off=written_off,
        )

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection


_CUSTOMERS = ("customer_credits", "customer_debt")
_NOT_GRANTS = (*_CUSTOMERS, "earned", "breakage", "writeoff")


def _pending(entries: Sequence[Entry], posted: set[store.Number]) -> list[Entry]:
    """Each entry once, though it may be both in the stream and in dead_letters."""
    by_number = {(entry.account, entry.epoch, entry.seq): entry for entry in entries}
    return [entry for number, entry in by_number.items() if number not in posted]


def _count(
    findings: _Findings, shard_state: ShardState, accounts: Sequence[str], pending: Sequence[Entry]
) -> None:
    done = set(accounts)
    findings.held += sum(each.held for name, each in shard_state.accounts.items() if name in done)
    findings.pending += sum(entry.account in done for entry in pending)
    orphaned = [hold for hold in shard_state.orphaned_holds if hold.account in done]
    findings.orphaned_holds += orphaned


def _check_ledger(sums: dict[str, int], balance: int, findings: _Findings) -> None:
    """All entries sum to zero, and the customers' accounts equal what lots and debt come to."""
    if sum(sums.values()):
        findings.drift.append(Drift("ledger", "sum of all entries", 0, sum(sums.values())))
    customers = sum(sums.get(name, 0) for name in _CUSTOMERS)
    if customers != balance:
        findings.drift.append(Drift("ledger", "balance of the customers", customers, balance))
