"""Creates and revokes API keys, and publishes them to Redis.

PostgreSQL is updated first. If the write to Redis fails, the publisher repairs it within a second.
"""

from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.api_keys import store
from control_plane.api_keys.records import ApiKey, NewApiKey
from control_plane.kit.database import Connection, Pool, transaction
from shared import keyspace
from shared.auth import api_keys
from shared.errors import Conflict, NotFound


async def create(pool: Pool, redis: Redis, user_id: str, new: NewApiKey) -> tuple[ApiKey, str]:
    """Create a key; returns it with its secret, of which only a digest is stored.

    Raises Conflict when the user has as many keys as the tier allows.
    """
    secret = api_keys.create_secret()
    prefix, digest = secret[: api_keys.PREFIX_SHOWN], api_keys.digest(secret)
    async with transaction(pool) as connection:
        await _check_limit(connection, user_id)
        key = await store.create(connection, user_id, new, prefix, digest)
    with suppress(RedisError):  # the publisher writes it a second later
        await redis.hset(keyspace.API_KEYS, digest, api_keys.encode(_published(key)))
    return key, secret


async def list_keys(pool: Pool, user_id: str) -> list[ApiKey]:
    return await store.list_keys(pool, user_id)


async def revoke(pool: Pool, redis: Redis, user_id: str, key_id: str) -> None:
    """Raises NotFound for a key of another user, or one that is revoked already."""
    digest = await store.revoke(pool, user_id, key_id)
    if digest is None:
        raise NotFound("There is no such API key.")
    await unpublish(redis, [digest])


async def revoke_all(connection: Connection, user_id: str) -> list[str]:
    """Revoke all keys of a user; returns the digests to unpublish after the commit."""
    return await store.revoke_all(connection, user_id)


async def list_made_with(source: Connection | Pool, grant_ids: Sequence[str]) -> list[str]:
    """The digests of the keys that end with these grants, to unpublish."""
    return await store.list_made_with(source, grant_ids)


async def unpublish(redis: Redis, digests: Sequence[str]) -> None:
    """Remove keys from Redis. Does not raise RedisError."""
    if digests:
        with suppress(RedisError):  # the publisher removes them a second later
            await redis.hdel(keyspace.API_KEYS, *digests)


async def count(source: Connection | Pool) -> int:
    """How many keys are valid now."""
    return await store.count_valid(source)


async def list_published(source: Connection | Pool) -> dict[bytes, bytes]:
    """What is published for the inference plane: digest to encoded key."""
    valid = await store.list_valid(source)
    return {each.digest.encode(): api_keys.encode(_published(each)) for each in valid}


async def _check_limit(connection: Connection, user_id: str) -> None:
    limit = await store.lock_limit(connection, user_id)
    if limit is not None and await store.count_keys(connection, user_id) >= limit:
        raise Conflict(
            f"Your plan allows {limit} API keys. Revoke one that you no longer need.",
            details={"limit": "api_keys_max", "maximum": limit},
        )


def _published(key: ApiKey) -> api_keys.ApiKey:
    return api_keys.ApiKey(
        id=key.id,
        user_id=key.user_id,
        scopes=tuple(key.scopes),
        cap=-1 if key.cap_micro is None else key.cap_micro,
        expires_at_s=int(key.expires_at.timestamp()) if key.expires_at else 0,
    )
