"""Ends grants, and sees that both planes refuse their tokens at once.

PostgreSQL is first; Redis is told right after the commit, and the directory puts back what could
not be told then or was lost since.
"""

from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.identity.grants import store
from control_plane.kit import clock
from control_plane.kit.database import Pool
from shared import keyspace


async def publish_revocation(redis: Redis, grant_ids: Sequence[str]) -> None:
    """To be called after the commit."""
    if not grant_ids:
        return
    now_ms = int(clock.now().timestamp() * 1000)
    with suppress(RedisError):  # the directory brings it a second later
        await redis.zadd(keyspace.REVOKED, dict.fromkeys(grant_ids, now_ms))


async def revoke(pool: Pool, redis: Redis, grant_id: str) -> bool:
    """True when it was not revoked yet."""
    revoked = await store.revoke(pool, grant_id)
    if revoked:
        await publish_revocation(redis, [grant_id])
    return revoked
