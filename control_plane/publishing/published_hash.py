"""Keeps a Redis hash equal to its rows in PostgreSQL.

Whoever changes a row also writes to Redis; this repairs what was missed: lost data, expired rows,
writes that arrived out of order. The whole hash is compared when the sizes differ, at an interval,
and after Redis has lost data.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from control_plane.kit.database import Pool

Count = Callable[[Pool], Awaitable[int]] | None
Load = Callable[[Pool], Awaitable[dict[bytes, bytes]]]


class PublishedHash:
    """`every_s`: seconds between full comparisons. `count` None: too many rows to count."""

    def __init__(self, redis: Redis, key: str, count: Count, load: Load, every_s: float) -> None:
        self._redis, self._key, self._every_s = redis, key, every_s
        self._count, self._load = count, load
        self._compared_at = float("-inf")

    async def publish(self, pool: Pool, *, lost: bool) -> bool:
        """Compare if due; True when something was written. `lost`: Redis has lost data."""
        due = lost or time.monotonic() - self._compared_at >= self._every_s
        if not due and not await self._differs(pool):
            return False
        found: Any = await self._redis.hgetall(self._key)
        changed = await self._write(await self._load(pool), found)
        self._compared_at = time.monotonic()
        return changed

    async def _differs(self, pool: Pool) -> bool:
        if self._count is None:
            return False
        return await self._count(pool) != await self._redis.hlen(self._key)

    async def _write(self, expected: dict[bytes, bytes], found: dict[bytes, bytes]) -> bool:
        """Write only the differences, so that no entry is missing in between."""
        stale = list(found.keys() - expected.keys())
        changed_fields = {
            name: value for name, value in expected.items() if found.get(name) != value
        }
        if stale:
            await self._redis.hdel(self._key, *stale)
        if changed_fields:
            await self._redis.hset(self._key, mapping=changed_fields)  # type: ignore[arg-type]
        return bool(stale or changed_fields)
