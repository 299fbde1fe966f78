"""Publishes revoked grants while their tokens may still be valid.

A revocation writes to Redis itself; this restores what was lost or could not be written, and
removes revocations that are older than any valid token.
"""

from typing import Any

from redis.asyncio import Redis

from control_plane.identity.grants import store as grants
from control_plane.kit import clock
from control_plane.kit.database import Pool
from shared import keyspace
from shared.auth.access_tokens import REVOCATION_KEPT_S


class RevocationPublisher:
    """Publishes to one Redis."""

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool, self._redis = pool, redis

    async def publish(self) -> bool:
        """True when something was missing; it gets a new score, since readers poll for new ones."""
        now_ms = int(clock.now().timestamp() * 1000)
        revoked = [
            grant_id for grant_id, _ in await grants.list_revoked(self._pool, REVOCATION_KEPT_S)
        ]
        found: Any = await self._redis.zrange(keyspace.REVOKED, 0, -1)
        known = {each.decode() for each in found}
        missing = [each for each in revoked if each not in known]
        if missing:
            await self._redis.zadd(keyspace.REVOKED, dict.fromkeys(missing, now_ms))
        if known:
            await self._redis.zremrangebyscore(
                keyspace.REVOKED, 0, now_ms - REVOCATION_KEPT_S * 1000 - 1
            )
        return bool(missing)
