"""What a user prefers where a request leaves it open."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.users", "preferences.sql")


@dataclass(frozen=True, slots=True)
class Preferences:
    """As they are for somebody who has never changed any."""

    default_model_id: str | None = None
    enable_streaming: bool = True
    max_tokens: int = 4096
    temperature: Decimal = Decimal("0.7")
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


async def save(connection: Connection, user_id: str, wanted: Preferences) -> None:
    await connection.execute(
        *(_SQL["save"], user_id, wanted.default_model_id, wanted.enable_streaming),
        *(wanted.max_tokens, wanted.temperature, json.dumps(wanted.metadata)),
    )


def _read(row: asyncpg.Record) -> Preferences:
    values = dict(row)
    values["metadata"] = json.loads(values["metadata"])
    return Preferences(**values)
