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
    """Published from now on; signs after so many seconds."""
    public = json.dumps(key.public_jwk)
    await source.execute(_CREATE_KEY, key.kid, ALGORITHM, public, key.private_sealed, signs_in_s)


async def list_keys(source: Connection | Pool) -> list[SealedKey]:
    """The one that signs first, then those that will, then those whose tokens are still about."""
    rows = await source.fetch(_LIST_KEYS)
    return [SealedKey(**{**row, "public_jwk": json.loads(row["public_jwk"])}) for row in rows]


async def retire_keys(source: Connection | Pool) -> None:
    """Those that another has taken over from sign no more."""
    await source.execute(_RETIRE_KEYS)
