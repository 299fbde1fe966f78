"""Finds holds past their deadline, and ends each with its script.

Finding and ending are separate, so that each script's keys are declared, as Redis Cluster requires.
"""

import asyncio
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace
from shared.calls import LedgerAway
from shared.ledger import Ledger

BATCH = 200
ENDED = frozenset({"released", "expired"})


class Sweeper:
    """Sweeps the holds of all shards."""

    def __init__(self, redis: Redis, ledger: Ledger) -> None:
        self._redis, self._ledger = redis, ledger

    async def sweep_all(self) -> int:
        """Goes through every shard once; returns how many holds were ended. Raises LedgerAway."""
        counts = await asyncio.gather(*(self._sweep(s) for s in range(keyspace.SHARDS)))
        return sum(counts)

    async def _sweep(self, shard: int) -> int:
        try:
            now_ms = await self._now_ms()
            due: list[Any] = await self._redis.zrange(
                keyspace.deadlines_key(shard), 0, now_ms, byscore=True, offset=0, num=BATCH
            )
        except (RedisError, OSError) as error:
            raise LedgerAway(str(error)) from error
        ended = 0
        for member in due:
            request_id, _, account = member.decode().partition("|")
            settlement = await self._ledger.sweep(account, request_id)
            ended += settlement.outcome in ENDED
        return ended

    async def _now_ms(self) -> int:
        """The clock of Redis, which set the deadlines."""
        seconds, micros = await self._redis.time()
        return int(seconds) * 1000 + int(micros) // 1000
