"""Reads what users prefer, as the control plane has published it, where a request leaves it open.

An answer is believed for a second. Where nobody prefers anything Redis is not even asked. Without
Redis there are no preferences: they are a comfort, and nothing is spent without Redis anyway.
"""

import time

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace, preferences
from shared.preferences import Preferences

BELIEVED_S = 1.0
REMEMBERED_MAX = 50_000


class PreferenceReader:
    """`refresh` with the directory's poll; `find` is asked for each request."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._any = True
        self._known: dict[str, tuple[float, Preferences]] = {}

    async def refresh(self) -> None:
        """Whether there are any at all. Raises RedisError."""
        self._any = bool(await self._redis.hlen(keyspace.PREFERENCES))

    async def find(self, user_id: str) -> Preferences:
        if not self._any:
            return preferences.NONE
        at, found = self._known.get(user_id, (float("-inf"), preferences.NONE))
        if time.monotonic() - at > BELIEVED_S:
            found = await self._ask(user_id)
            self._remember(user_id, found)
        return found

    async def _ask(self, user_id: str) -> Preferences:
        try:
            found = await self._redis.hget(keyspace.PREFERENCES, user_id)
            return preferences.decode(found) if found else preferences.NONE
        except (RedisError, OSError, msgspec.MsgspecError):
            return preferences.NONE

    def _remember(self, user_id: str, found: Preferences) -> None:
        """The oldest makes room: a dict keeps the order in which things came."""
        self._known.pop(user_id, None)
        if len(self._known) >= REMEMBERED_MAX:
            self._known.pop(next(iter(self._known)))
        self._known[user_id] = (time.monotonic(), found)
