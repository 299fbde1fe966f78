"""Detects that Redis is no longer the server it was: restarted, failed over, or empty.

With an append-only file that is synced every second, a crash may lose the last second of what Redis
confirmed. Its `run_id` changes with every start (Redis docs, INFO, "Server"), and the control plane
raises the epoch of a shard that it finds empty. Whatever keeps what was confirmed can then send it
again: the scripts are idempotent, so repeating what was not lost changes nothing.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace

CHECK_S = 1.0
_log = structlog.get_logger("redis_failover")


class RedisFailover:
    """Calls `resend` each time that another server answers; it returns how many charges it sent."""

    def __init__(self, redis: Redis, resend: Callable[[], int]) -> None:
        self._redis, self._resend = redis, resend
        self._known: list[Any] | None = None

    async def watch(self) -> None:
        """Checks every second until cancelled."""
        while True:
            try:
                await self.check()
            except (RedisError, OSError):
                _log.warning("redis.unavailable")
            await asyncio.sleep(CHECK_S)

    async def check(self) -> None:
        """Compares run id and epochs with those of the last check. Raises RedisError."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.info("server")
        for shard in range(keyspace.SHARDS):
            pipeline.hget(keyspace.meta_key(shard), "epoch")
        server, *epochs = await pipeline.execute()
        current = [server["run_id"], *epochs]
        known, self._known = self._known, current
        if known not in (None, current):
            _log.warning("redis.failover", resent_charges=self._resend())
