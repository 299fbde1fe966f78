"""Which sessions and tokens have been revoked, as the control plane tells through Redis.

Only what is new is read, every second; who starts later reads all that is still kept. A token lives
an hour, so what was revoked longer ago is of no more interest to anyone.
"""

import time
from typing import Any

from redis.asyncio import Redis

from shared import keyspace
from shared.auth.access_tokens import REVOCATION_KEPT_S

OVERLAP_MS = 10_000
"""Read again each time: two writers' clocks need not agree to the millisecond."""


class Revocations:
    """`refresh` with the directory's poll; `names` is asked for each request."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._until: dict[str, float] = {}
        self._seen_ms = 0.0

    async def refresh(self) -> None:
        """Raises RedisError."""
        since = max(0.0, self._seen_ms - OVERLAP_MS)
        found: Any = await self._redis.zrange(
            keyspace.REVOKED, since, "+inf", byscore=True, withscores=True
        )
        for name, at_ms in found:
            self._until[name.decode()] = time.monotonic() + REVOCATION_KEPT_S
            self._seen_ms = max(self._seen_ms, at_ms)
        if found:
            self._forget()

    def names(self, *marks: str) -> bool:
        """Whether any of these (a session, a token's id) has been revoked."""
        return any(mark in self._until for mark in marks if mark)

    def _forget(self) -> None:
        now = time.monotonic()
        for name in [each for each, until in self._until.items() if until < now]:
            del self._until[name]
