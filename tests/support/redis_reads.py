"""Typed reads from Redis: redis-py's own return types cover every decoding and protocol version."""

from typing import Any, cast

from redis.asyncio import Redis

Fields = dict[bytes, bytes]
Entries = list[tuple[bytes, Fields]]


async def read_hash(redis: Redis, key: str) -> Fields:
    found: Any = await redis.hgetall(key)
    return cast(Fields, found)


async def read_stream(redis: Redis, stream: str) -> Entries:
    """All entries, oldest first."""
    found: Any = await redis.xrange(stream)
    return cast(Entries, found)


async def read_group(redis: Redis, group: str, consumer: str, stream: str) -> Entries:
    """What the group has not read yet; pending for this consumer from then on."""
    found: Any = await redis.xreadgroup(group, consumer, {stream: ">"})
    return cast(Entries, found[0][1])


def decoded(fields: Fields) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in fields.items()}
