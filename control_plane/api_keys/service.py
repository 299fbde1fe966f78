"""Makes and revokes API keys, and sees that Redis knows of it at once.

PostgreSQL is first: a key that is revoked there but still in Redis is taken out by the next
publication, a second later at most; one that Redis has lost comes back the same way.
"""

from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.api_keys import store
from control_plane.api_keys.records import ApiKey, NewApiKey
from control_plane.kit.database import Connection, Pool
from shared import keyspace
from shared.auth import api_keys
from shared.errors import NotFound


async def create(pool: Pool, redis: Redis, user_id: str, new: NewApiKey) -> tuple[ApiKey, str]:
    """The key and its secret, which nobody can tell again."""
    secret = api_keys.create_secret()
    prefix, digest = secret[: api_keys.PREFIX_SHOWN], api_keys.digest(secret)
    made = await store.create(pool, user_id, new, prefix, digest)
    with suppress(RedisError):  # the publisher brings it a second later
        await redis.hset(keyspace.API_KEYS, digest, api_keys.encode(_published(made)))
    return made, secret


async def list_keys(pool: Pool, user_id: str) -> list[ApiKey]:
    return await store.list_keys(pool, user_id)


async def revoke(pool: Pool, redis: Redis, user_id: str, key_id: str) -> None:
    """Raises NotFound for a key that is not this user's, or is revoked already."""
    digest = await store.revoke(pool, user_id, key_id)
    if digest is None:
        raise NotFound("There is no such API key.")
    await withdraw(redis, [digest])


async def revoke_all(connection: Connection, user_id: str) -> list[str]:
    """A user's; the digests to withdraw after the commit."""
    return await store.revoke_all(connection, user_id)


async def withdraw(redis: Redis, digests: Sequence[str]) -> None:
    """Redis forgets these."""
    if digests:
        with suppress(RedisError):  # the publisher takes them out a second later
            await redis.hdel(keyspace.API_KEYS, *digests)


async def count(source: Connection | Pool) -> int:
    """How many keys work now."""
    return await store.count_valid(source)


async def published(source: Connection | Pool) -> dict[bytes, bytes]:
    """What the inference plane reads: digest to what the key may do."""
    valid = await store.list_valid(source)
    return {each.digest.encode(): api_keys.encode(_published(each)) for each in valid}


def _published(key: ApiKey) -> api_keys.ApiKey:
    return api_keys.ApiKey(
        id=key.id,
        user_id=key.user_id,
        scopes=tuple(key.scopes),
        cap=-1 if key.cap_micro is None else key.cap_micro,
        expires_at_s=int(key.expires_at.timestamp()) if key.expires_at else 0,
    )
