"""Keys and clients in PostgreSQL."""

import json

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.oidc.records import Client, SealedKey
from shared.principal import ALGORITHM

_SQL = queries.load("control_plane.oidc")
_CREATE_KEY, _LIST_KEYS, _FIND_CLIENT = _SQL["create_key"], _SQL["list_keys"], _SQL["find_client"]


async def create_key(source: Connection | Pool, key: SealedKey) -> None:
    """From now on this one signs."""
    public = json.dumps(key.public_jwk)
    await source.execute(_CREATE_KEY, key.kid, ALGORITHM, public, key.private_sealed)


async def list_keys(source: Connection | Pool) -> list[SealedKey]:
    """The one that signs first, then those whose tokens are still about."""
    rows = await source.fetch(_LIST_KEYS)
    return [
        SealedKey(row["kid"], json.loads(row["public_jwk"]), row["private_sealed"]) for row in rows
    ]


async def find_client(source: Connection | Pool, client_id: str) -> Client | None:
    """By its id."""
    row = await source.fetchrow(_FIND_CLIENT, client_id)
    return Client(**row) if row else None
