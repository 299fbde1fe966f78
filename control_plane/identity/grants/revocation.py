"""Revokes grants and publishes the revocation, so that both planes refuse their tokens, and the API
keys that were made with them.

PostgreSQL is updated first, Redis right after the commit. The publisher repairs what could not be
written to Redis or was lost since.
"""

from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.api_keys import service as api_keys
from control_plane.identity.grants import store
from control_plane.kit import clock
from control_plane.kit.database import Pool
from shared import keyspace


async def publish_revocation(pool: Pool, redis: Redis, grant_ids: Sequence[str]) -> None:
    """Write revoked grants to Redis; call it after the commit. Does not raise RedisError."""
    if not grant_ids:
        return
    now_ms = int(clock.now().timestamp() * 1000)
    with suppress(RedisError):  # the publisher writes it a second later
        await redis.zadd(keyspace.REVOKED, dict.fromkeys(grant_ids, now_ms))
    await api_keys.unpublish(redis, await api_keys.list_made_with(pool, grant_ids))


async def revoke(pool: Pool, redis: Redis, grant_id: str) -> bool:
    """Revoke and publish one grant. True when it was not revoked before."""
    revoked = await store.revoke(pool, grant_id)
    if revoked:
        await publish_revocation(pool, redis, [grant_id])
    return revoked
