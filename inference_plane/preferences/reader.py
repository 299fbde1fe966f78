"""Reads what users prefer, as the control plane has published it, where a request leaves it open.

An answer is believed for a second. Where nobody prefers anything Redis is not even asked. Without
Redis there are no preferences: they are a comfort, and nothing is spent without Redis anyway.
"""

import time

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace, preferences
from shared.bounded_cache import BoundedCache
from shared.preferences import Preferences

BELIEVED_S = 1.0
REMEMBERED_MAX = 50_000
_NEVER = (float("-inf"), preferences.NONE)


class PreferenceReader:
    """`refresh` with the directory's poll; `find` is asked for each request."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._any = True
        self._known: BoundedCache[str, tuple[float, Preferences]] = BoundedCache(REMEMBERED_MAX)

    async def refresh(self) -> None:
        """Whether there are any at all. Raises RedisError."""
        self._any = bool(await self._redis.hlen(keyspace.PREFERENCES))

    async def find(self, user_id: str) -> Preferences:
        if not self._any:
            return preferences.NONE
        at, found = self._known.get(user_id) or _NEVER
        if time.monotonic() - at > BELIEVED_S:
            found = await self._ask(user_id)
            self._known.set(user_id, (time.monotonic(), found))
        return found

    async def _ask(self, user_id: str) -> Preferences:
        try:
            found = await self._redis.hget(keyspace.PREFERENCES, user_id)
            return preferences.decode(found) if found else preferences.NONE
        except (RedisError, OSError, msgspec.MsgspecError):
            return preferences.NONE
