"""Reads users' preferences, as the control plane publishes them in Redis.

They are cached for a second. If no user has any, Redis is not asked. If Redis does not answer there
are no preferences; the request is refused at admission anyway.
"""

import time

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace, preferences
from shared.bounded_cache import BoundedCache
from shared.preferences import Preferences

CACHE_S = 1.0
CACHE_SIZE_MAX = 50_000
_NEVER = (float("-inf"), preferences.NONE)


class PreferenceReader:
    """`refresh` is called with the directory's poll, `find` for each request."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._any = True
        self._cache: BoundedCache[str, tuple[float, Preferences]] = BoundedCache(CACHE_SIZE_MAX)

    async def refresh(self) -> None:
        """Reads whether there are any at all. Raises RedisError."""
        self._any = bool(await self._redis.hlen(keyspace.PREFERENCES))

    async def find(self, user_id: str) -> Preferences:
        if not self._any:
            return preferences.NONE
        read_at, preferred = self._cache.get(user_id) or _NEVER
        if time.monotonic() - read_at > CACHE_S:
            preferred = await self._read(user_id)
            self._cache.set(user_id, (time.monotonic(), preferred))
        return preferred

    async def _read(self, user_id: str) -> Preferences:
        try:
            published = await self._redis.hget(keyspace.PREFERENCES, user_id)
            return preferences.decode(published) if published else preferences.NONE
        except (RedisError, OSError, msgspec.MsgspecError):
            return preferences.NONE
