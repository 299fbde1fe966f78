"""Signing keys in PostgreSQL."""

import json

from control_plane.identity.tokens.records import SealedKey
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from shared.auth.access_tokens import ALGORITHM

_SQL = queries.load("control_plane.identity.tokens")

_CREATE_KEY, _LIST_KEYS = _SQL["create_key"], _SQL["list_keys"]
_RETIRE_KEYS = _SQL["retire_keys"]


async def create_key(source: Connection | Pool, key: SealedKey, signs_in_s: int = 0) -> None:
    """Store a key; it signs after `signs_in_s` seconds."""
    public = json.dumps(key.public_jwk)
    await source.execute(_CREATE_KEY, key.kid, ALGORITHM, public, key.private_sealed, signs_in_s)


async def list_keys(source: Connection | Pool) -> list[SealedKey]:
    """The signing key first, then future ones, then retired ones still needed for verification."""
    rows = await source.fetch(_LIST_KEYS)
    return [SealedKey(**{**row, "public_jwk": json.loads(row["public_jwk"])}) for row in rows]


async def retire_keys(source: Connection | Pool) -> None:
    """Retire keys that a newer active key has replaced."""
    await source.execute(_RETIRE_KEYS)
