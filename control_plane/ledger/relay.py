"""Carries changes to Redis: each once in effect, however often it is carried, for it is numbered.

What Redis answers decides: `cold` → bring the account in, which contains the change, or meet one
that was brought in earlier and carry again; `gap` → Redis lost an earlier change, so carry those
again first; `stale` → it has it. A change is marked delivered only after Redis said so. One that
Redis cannot take (`full`: the balance would be too large to count) is marked refused and told of.
"""

import structlog
from redis.asyncio import Redis

from control_plane.kit.database import Pool, transaction
from control_plane.ledger import loading, store
from control_plane.ledger.records import Change
from shared.failpoints import reach
from shared.keyspace import account_key
from shared.ledger import Ledger, Lot, burn_score

_ATTEMPTS = 5

log = structlog.get_logger()


class Relay:
    """Delivers undelivered changes, a batch at a time."""

    def __init__(self, pool: Pool, redis: Redis, ledger: Ledger) -> None:
        self._pool, self._redis, self._ledger = pool, redis, ledger

    async def deliver(self, limit: int = 100) -> int:
        """Carries up to `limit` changes; returns how many Redis has now. Raises LedgerAway."""
        delivered = 0
        async with transaction(self._pool) as connection:
            for change in await store.take_undelivered(connection, limit):
                reach("relay before grant")
                if await self._carry(change):
                    reach("relay after grant, before commit")
                    await store.mark_delivered(connection, change)
                    delivered += 1
                else:
                    await store.mark_refused(connection, change)
                    log.error("relay.refused", account=change.account, gv=change.gv)
        return delivered

    async def _carry(self, change: Change) -> bool:
        """False for one that Redis cannot take now: it stays undelivered and is seen in metrics."""
        for _ in range(_ATTEMPTS):
            outcome = await self._apply(change)
            if outcome in {"applied", "stale"}:
                return True
            if outcome == "full":
                return False
            if outcome == "gap":
                await self._carry_missing(change)
            elif await loading.load(self._pool, self._ledger, change.account) == "loaded":
                return True
        return False

    async def _apply(self, change: Change) -> str:
        if change.kind == "correction":
            parts, debt = change.parts, change.debt or 0
            outcome, _ = await self._ledger.correct(change.account, change.gv, parts, debt)
            return outcome
        if change.kind == "amend":
            assert change.state is not None
            assert change.tier is not None
            words = (change.state, change.tier, change.floor)
            outcome, _ = await self._ledger.amend(change.account, change.gv, *words)
            return outcome
        assert change.lot is not None
        score = burn_score(change.priority or 0, change.expires_at_s)
        lot = Lot(change.lot, change.amount or 0, score)
        outcome, _ = await self._ledger.grant(change.account, change.gv, lot)
        return outcome

    async def _carry_missing(self, change: Change) -> None:
        has = int(await self._redis.hget(account_key(change.account), "gv") or 0)
        missing = await store.list_changes(self._pool, change.account, has, change.gv - 1)
        for earlier in missing:
            await self._apply(earlier)
