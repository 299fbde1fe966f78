"""Preferences in PostgreSQL, and their published copy in Redis for the inference plane."""

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
    """A user's preferences. None: no preference."""

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
    """The preferences, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["lock"], user_id)
    assert row is not None
    return _read(row)


async def list_published(pool: Pool) -> dict[bytes, bytes]:
    """What is published for the inference plane: user id to encoded preferences."""
    rows = await pool.fetch(_SQL["list_published"])
    return {row["user_id"].encode(): _encode(_read(row)) for row in rows}


async def publish(redis: Redis, user_id: str, preferences: Preferences) -> None:
    """Write one user's preferences to Redis. Raises RedisError; the publisher repairs it later."""
    encoded = _encode(preferences)
    if encoded == published.encode(published.NONE):
        await redis.hdel(keyspace.PREFERENCES, user_id)
    else:
        await redis.hset(keyspace.PREFERENCES, user_id, encoded)


async def save(connection: Connection, user_id: str, preferences: Preferences) -> None:
    await connection.execute(
        _SQL["save"],
        user_id,
        preferences.default_model_id,
        preferences.enable_streaming,
        preferences.max_tokens,
        preferences.temperature,
        json.dumps(preferences.metadata),
    )


def _read(row: asyncpg.Record) -> Preferences:
    values = {name: value for name, value in row.items() if name != "user_id"}
    values["metadata"] = json.loads(values["metadata"])
    return Preferences(**values)


def _encode(preferences: Preferences) -> bytes:
    temperature = None if preferences.temperature is None else float(preferences.temperature)
    return published.encode(
        published.Preferences(
            preferences.default_model_id,
            preferences.enable_streaming,
            preferences.max_tokens,
            temperature,
        )
    )
