"""What a user prefers where a request leaves it open.

PostgreSQL has it; Redis tells the inference plane. What was not chosen is None.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg
from redis.asyncio import Redis

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from shared import keyspace
from shared import preferences as published

_SQL = queries.load("control_plane.preferences")


@dataclass(frozen=True, slots=True)
class Preferences:
    """As they are for somebody who has never changed any."""

    default_model_id: str | None = None
    enable_streaming: bool | None = None
    max_tokens: int | None = None
    temperature: Decimal | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None


async def find(source: Connection | Pool, user_id: str) -> Preferences:
    row = await source.fetchrow(_SQL["find"], user_id)
    return _read(row) if row else Preferences()


async def lock(connection: Connection, user_id: str) -> Preferences:
    """Nobody else changes them until the transaction ends."""
    row = await connection.fetchrow(_SQL["lock"], user_id)
    assert row is not None
    return _read(row)


async def list_all(pool: Pool) -> dict[bytes, bytes]:
    """What the inference plane reads: user id to what was chosen."""
    rows = await pool.fetch(_SQL["list_chosen"])
    return {row["user_id"].encode(): _encode(_read(row)) for row in rows}


async def publish(redis: Redis, user_id: str, wanted: Preferences) -> None:
    """At once. Raises RedisError; then the publisher brings it later."""
    chosen = _encode(wanted)
    if chosen == published.encode(published.NONE):
        await redis.hdel(keyspace.PREFERENCES, user_id)
    else:
        await redis.hset(keyspace.PREFERENCES, user_id, chosen)


async def save(connection: Connection, user_id: str, wanted: Preferences) -> None:
    await connection.execute(
        *(_SQL["save"], user_id, wanted.default_model_id, wanted.enable_streaming),
        *(wanted.max_tokens, wanted.temperature, json.dumps(wanted.metadata)),
    )


def _read(row: asyncpg.Record) -> Preferences:
    values = {name: value for name, value in row.items() if name != "user_id"}
    values["metadata"] = json.loads(values["metadata"])
    return Preferences(**values)


def _encode(own: Preferences) -> bytes:
    temperature = None if own.temperature is None else float(own.temperature)
    named = (own.default_model_id, own.enable_streaming, own.max_tokens, temperature)
    return published.encode(published.Preferences(*named))
