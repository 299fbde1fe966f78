"""Makes a hash in Redis hold exactly what PostgreSQL says it should.

Whoever changes a row writes to Redis at once; this puts right what could not be written: a loss of
Redis, a row that has expired, an answer that crossed another. All is compared when the sizes
differ, now and then, and when Redis is known to have lost what it had.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from control_plane.kit.database import Pool

Count = Callable[[Pool], Awaitable[int]] | None
Load = Callable[[Pool], Awaitable[dict[bytes, bytes]]]


class PublishedHash:
    """`publish` as often as one likes: it compares every so many seconds. There is no
    `count` where there are too many rows to count each time.
    """

    def __init__(self, redis: Redis, key: str, count: Count, load: Load, every_s: float) -> None:
        self._redis, self._key, self._every_s = redis, key, every_s
        self._count, self._load = count, load
        self._compared_at = float("-inf")

    async def publish(self, pool: Pool, *, lost: bool) -> bool:
        """True when something had to be written."""
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

    async def _write(self, wanted: dict[bytes, bytes], found: dict[bytes, bytes]) -> bool:
        """Only what differs, so that nothing is missing for a moment."""
        stale = list(found.keys() - wanted.keys())
        fresh = {name: value for name, value in wanted.items() if found.get(name) != value}
        if stale:
            await self._redis.hdel(self._key, *stale)
        if fresh:
            await self._redis.hset(self._key, mapping=fresh)  # type: ignore[arg-type]
        return bool(stale or fresh)
