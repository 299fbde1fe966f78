"""Delivers account changes to Redis. A change may be sent again; its number makes it idempotent.

The outcome of the script decides what follows. `cold`: load the account, which includes the change,
or, if it was loaded meanwhile, send again. `gap`: Redis lacks an earlier change, so send those
first. `stale`: Redis has it. A change is marked delivered only after Redis has confirmed it. A
change that Redis refuses (`full`: the balance would exceed exact integers) is marked refused,
logged, and retried later.
"""

import structlog
from redis.asyncio import Redis

from control_plane.kit.database import Pool, transaction
from control_plane.ledger import loading, store
from control_plane.ledger.records import Change
from shared.failpoints import reach
from shared.keyspace import account_key
from shared.ledger import Ledger
from shared.ledger_records import Lot, burn_score

_ATTEMPTS = 5

log = structlog.get_logger()


class Relay:
    """Delivers undelivered changes in batches."""

    def __init__(self, pool: Pool, redis: Redis, ledger: Ledger) -> None:
        self._pool, self._redis, self._ledger = pool, redis, ledger

    async def deliver(self, limit: int = 100) -> int:
        """Deliver up to `limit` changes; returns how many were delivered. Raises LedgerAway."""
        delivered = 0
        async with transaction(self._pool) as connection:
            for change in await store.take_undelivered(connection, limit):
                reach("relay before grant")
                if await self._deliver(change):
                    reach("relay after grant, before commit")
                    await store.mark_delivered(connection, change)
                    delivered += 1
                else:
                    await store.mark_refused(connection, change)
                    log.error("relay.refused", account=change.account, change_seq=change.change_seq)
        return delivered

    async def _deliver(self, change: Change) -> bool:
        """False when Redis refuses the change: it stays undelivered."""
        for _ in range(_ATTEMPTS):
            outcome = await self._apply(change)
            if outcome in {"applied", "stale"}:
                return True
            if outcome == "full":
                return False
            if outcome == "gap":
                await self._deliver_missing(change)
            elif await loading.load(self._pool, self._ledger, change.account) == "loaded":
                return True
        return False

    async def _apply(self, change: Change) -> str:
        if change.kind == "correction":
            parts, debt = change.parts, change.debt or 0
            outcome, _ = await self._ledger.correct(change.account, change.change_seq, parts, debt)
            return outcome
        if change.kind == "amend":
            assert change.state is not None
            assert change.tier is not None
            outcome, _ = await self._ledger.amend(
                change.account, change.change_seq, change.state, change.tier, change.floor
            )
            return outcome
        assert change.lot is not None
        score = burn_score(change.priority or 0, change.expires_at_s)
        lot = Lot(change.lot, change.amount or 0, score)
        outcome, _ = await self._ledger.grant(change.account, change.change_seq, lot)
        return outcome

    async def _deliver_missing(self, change: Change) -> None:
        last_applied = int(await self._redis.hget(account_key(change.account), "change_seq") or 0)
        missing = await store.list_changes(
            self._pool, change.account, last_applied, change.change_seq - 1
        )
        for earlier in missing:
            await self._apply(earlier)
