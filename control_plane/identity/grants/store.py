"""Grants and their codes and tokens in PostgreSQL. Whoever decides about a grant locks its row
first, so many requests with one code or one token are decided one after the other.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from control_plane.identity.grants.records import Grant, NewGrant
from control_plane.identity.lifetimes import CODE_S, GRACE_S, GRANT_S, REFRESH_IDLE_S
from control_plane.kit import crypto, queries
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.grants")


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code as it is kept."""

    grant_id: str
    redirect_uri: str
    challenge: str | None
    fresh: bool
    consumed: bool


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token as it is kept. `graced`: used a moment ago, and its successor not yet."""

    fresh: bool
    used: bool
    graced: bool


async def create(source: Connection | Pool, new: NewGrant, origin: ClientInfo) -> str:
    """The grant's id."""
    return str(
        await source.fetchval(
            *(_SQL["create"], new.user_id, new.client_id, list(new.scopes), new.authenticated_at),
            *(list(new.methods), new.nonce, json.dumps(new.claims), origin.ip),
            *(origin.user_agent, GRANT_S),
        )
    )


async def load(connection: Connection, grant_id: str) -> Grant:
    """Locked until the transaction ends. It must be there."""
    grant = _grant(await connection.fetchrow(_SQL["load"], grant_id))
    assert grant is not None
    return grant


async def find_live(source: Connection | Pool, grant_id: str) -> Grant | None:
    """One that is not revoked and has not ended."""
    try:
        return _grant(await source.fetchrow(_SQL["find_live"], grant_id))
    except asyncpg.DataError:
        return None


async def list_live(source: Connection | Pool, user_id: str) -> list[Grant]:
    """A user's, the one used last first."""
    rows = await source.fetch(_SQL["list_live"], user_id)
    return [grant for grant in map(_grant, rows) if grant]


async def touch(source: Connection | Pool, grant_id: str, origin: ClientInfo) -> None:
    """It was used just now, from there."""
    await source.execute(_SQL["touch"], grant_id, origin.ip, origin.user_agent)


async def revoke(source: Connection | Pool, grant_id: str) -> bool:
    """True when it was not revoked yet."""
    try:
        return await source.fetchval(_SQL["revoke"], grant_id) is not None
    except asyncpg.DataError:
        return False


async def revoke_of_user(source: Connection | Pool, user_id: str) -> list[str]:
    """All of a user's; the ids of those that were not revoked yet."""
    return [row["id"] for row in await source.fetch(_SQL["revoke_of_user"], user_id)]


async def revoke_of_client(source: Connection | Pool, client_id: str) -> list[str]:
    """All that were given to it; the ids of those that were not revoked yet."""
    return [row["id"] for row in await source.fetch(_SQL["revoke_of_client"], client_id)]


async def is_revoked(source: Connection | Pool, grant_id: str) -> bool:
    """Also of a grant that is not there any more, and of no grant at all."""
    return not grant_id or await find_live(source, grant_id) is None


async def list_revoked(source: Connection | Pool, within_s: int) -> list[tuple[str, datetime]]:
    rows = await source.fetch(_SQL["list_revoked"], within_s)
    return [(row["id"], row["revoked_at"]) for row in rows]


async def create_code(
    source: Connection | Pool, grant_id: str, redirect_uri: str, challenge: str | None
) -> str:
    """The code, which only its client will ever see."""
    code = crypto.create_secret()
    digest = crypto.digest(code)
    await source.execute(_SQL["create_code"], digest, grant_id, redirect_uri, challenge, CODE_S)
    return code


async def load_code(connection: Connection, code: str) -> Code | None:
    """Locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["load_code"], crypto.digest(code))
    return Code(**row) if row else None


async def consume_code(connection: Connection, code: str) -> None:
    await connection.execute(_SQL["consume_code"], crypto.digest(code))


async def create_refresh(
    connection: Connection, grant_id: str, token: str, predecessor: str | None = None
) -> None:
    before = crypto.digest(predecessor) if predecessor else None
    await connection.execute(
        _SQL["create_refresh"], crypto.digest(token), grant_id, before, REFRESH_IDLE_S
    )


async def find_refresh(source: Connection | Pool, token: str) -> str | None:
    """Whose it is: the grant's id."""
    found: str | None = await source.fetchval(_SQL["find_refresh"], crypto.digest(token))
    return found


async def load_refresh(connection: Connection, token: str) -> Refresh:
    """To be read after its grant is locked."""
    row = await connection.fetchrow(_SQL["load_refresh"], crypto.digest(token), GRACE_S)
    assert row is not None
    return Refresh(row["fresh"], row["used"], bool(row["graced"]))


async def use_refresh(connection: Connection, token: str) -> None:
    await connection.execute(_SQL["use_refresh"], crypto.digest(token))


async def prune(source: Connection | Pool) -> None:
    """Forget what ended long ago."""
    for name in ("prune", "prune_codes", "prune_devices"):
        await source.execute(_SQL[name])


def _grant(row: asyncpg.Record | None) -> Grant | None:
    return Grant(**{**row, "claims": json.loads(row["claims"])}) if row else None
