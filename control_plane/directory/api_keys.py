"""Makes Redis hold exactly the API keys that work.

Making and revoking write to Redis themselves; this puts right what they could not: a loss of Redis,
a key that has expired, an answer that crossed another. Counting costs nothing, so it is done every
second; comparing them all is done when the counts differ, and now and then.
"""

import time
from typing import Any

from redis.asyncio import Redis

from control_plane.api_keys import service as api_keys
from control_plane.kit.database import Pool
from shared import keyspace

COMPARE_EVERY_S = 60.0


class ApiKeyDirectory:
    """`publish` as often as one likes."""

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool, self._redis = pool, redis
        self._compared_at = float("-inf")

    async def publish(self) -> bool:
        """True when something had to be written."""
        due = time.monotonic() - self._compared_at >= COMPARE_EVERY_S
        counted = await api_keys.count(self._pool)
        if not due and counted == await self._redis.hlen(keyspace.API_KEYS):
            return False
        wanted = await api_keys.published(self._pool)
        found: Any = await self._redis.hgetall(keyspace.API_KEYS)
        changed = await self._write(wanted, found)
        self._compared_at = time.monotonic()
        return changed

    async def _write(self, wanted: dict[bytes, bytes], found: dict[bytes, bytes]) -> bool:
        """Only what differs, so that no key is missing for a moment."""
        stale = list(found.keys() - wanted.keys())
        fresh = {digest: key for digest, key in wanted.items() if found.get(digest) != key}
        if stale:
            await self._redis.hdel(keyspace.API_KEYS, *stale)
        if fresh:
            await self._redis.hset(keyspace.API_KEYS, mapping=fresh)  # type: ignore[arg-type]
        return bool(stale or fresh)
