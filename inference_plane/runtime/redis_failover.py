"""Notices when Redis is not the server it was: restarted, failed over, or empty.

With an append-only file written every second, a crash may lose the last second of what Redis had
confirmed. Its run id changes with every start, and the control plane moves the shards' epochs when
they are found empty; so whoever remembers what was confirmed can tell it again. Scripts are
idempotent: telling again what was not lost changes nothing.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace

EVERY_S = 1.0
_log = structlog.get_logger("witness")


class Witness:
    """Calls `changed` each time another server answers; it returns how much it told again."""

    def __init__(self, redis: Redis, changed: Callable[[], int]) -> None:
        self._redis, self._changed = redis, changed
        self._known: list[Any] | None = None

    async def watch(self) -> None:
        """Looks every second until cancelled."""
        while True:
            try:
                await self.look()
            except (RedisError, OSError):
                _log.warning("redis.away")
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.info("server")
        for shard in range(keyspace.SHARDS):
            pipeline.hget(keyspace.meta_key(shard), "epoch")
        server, *epochs = await pipeline.execute()
        found = [server["run_id"], *epochs]
        known, self._known = self._known, found
        if known not in (None, found):
            _log.warning("redis.changed", told_again=self._changed())
