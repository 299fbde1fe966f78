"""Which sessions and tokens have been revoked, as the control plane publishes it in Redis.

Only new revocations are read, every second; a replica that starts reads all that are kept. A token
lives an hour, so older revocations are forgotten.
"""

import time
from typing import Any

from redis.asyncio import Redis

from shared import keyspace
from shared.auth.access_tokens import REVOCATION_KEPT_S

OVERLAP_MS = 10_000
"""Read again each time, because the clocks of two writers may differ."""


class Revocations:
    """`refresh` is called with the directory's poll, `includes` for each request."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._until: dict[str, float] = {}
        self._seen_ms = 0.0

    async def refresh(self) -> None:
        """Raises RedisError."""
        since = max(0.0, self._seen_ms - OVERLAP_MS)
        published: Any = await self._redis.zrange(
            keyspace.REVOKED, since, "+inf", byscore=True, withscores=True
        )
        for name, at_ms in published:
            self._until[name.decode()] = time.monotonic() + REVOCATION_KEPT_S
            self._seen_ms = max(self._seen_ms, at_ms)
        if published:
            self._remove_old()

    def includes(self, *ids: str) -> bool:
        """Whether any of these (a session's id, a token's id) has been revoked."""
        return any(each in self._until for each in ids if each)

    def _remove_old(self) -> None:
        now = time.monotonic()
        for name in [each for each, until in self._until.items() if until < now]:
            del self._until[name]
