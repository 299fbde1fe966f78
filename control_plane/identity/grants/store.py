"""Grants, authorization codes and refresh tokens in PostgreSQL.

A decision about a grant locks its row first, so that concurrent requests with the same code or
token are decided one after the other.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from control_plane.identity.grants.records import Grant, NewGrant
from control_plane.identity.lifetimes import (
    AUTHORIZATION_CODE_S,
    GRANT_S,
    REFRESH_GRACE_S,
    REFRESH_IDLE_S,
)
from control_plane.kit import crypto, queries
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool
from shared.errors import Unauthorized

_SQL = queries.load("control_plane.identity.grants")


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """`challenge` is the PKCE code_challenge (S256)."""

    grant_id: str
    redirect_uri: str
    challenge: str | None
    unexpired: bool
    consumed: bool


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """`in_grace`: used within REFRESH_GRACE_S, and its successor is still unused."""

    unexpired: bool
    used: bool
    in_grace: bool


class SessionEnded(Unauthorized):
    """You were signed out in the meantime. Sign in and try again."""


async def create(source: Connection | Pool, new: NewGrant, client_info: ClientInfo) -> str:
    """Create a grant; returns its id.

    Raises SessionEnded when the session that gives it has ended, or its user may not sign in.
    """
    created: str | None = await source.fetchval(
        _SQL["create"],
        new.user_id,
        new.client_id,
        list(new.scopes),
        new.authenticated_at,
        list(new.methods),
        new.nonce,
        json.dumps(new.claims),
        client_info.ip,
        client_info.user_agent,
        GRANT_S,
        new.session_id,
    )
    if created is None:
        raise SessionEnded
    return created


async def load(connection: Connection, grant_id: str) -> Grant:
    """The grant, locked until the transaction ends. It must exist."""
    grant = _grant(await connection.fetchrow(_SQL["load"], grant_id))
    assert grant is not None
    return grant


async def find_live(source: Connection | Pool, grant_id: str) -> Grant | None:
    """The grant if it is neither revoked nor expired; None also for an invalid id."""
    try:
        return _grant(await source.fetchrow(_SQL["find_live"], grant_id))
    except asyncpg.DataError:
        return None


async def list_live(source: Connection | Pool, user_id: str) -> list[Grant]:
    """A user's live grants, most recently used first."""
    rows = await source.fetch(_SQL["list_live"], user_id)
    return [grant for grant in map(_grant, rows) if grant]


async def touch(source: Connection | Pool, grant_id: str, client_info: ClientInfo) -> None:
    """Record that the grant was used now by this client."""
    await source.execute(_SQL["touch"], grant_id, client_info.ip, client_info.user_agent)


async def revoke(source: Connection | Pool, grant_id: str) -> bool:
    """True when the grant was not revoked before."""
    try:
        return await source.fetchval(_SQL["revoke"], grant_id) is not None
    except asyncpg.DataError:
        return False


async def revoke_of_user(source: Connection | Pool, user_id: str) -> list[str]:
    """Revoke all grants of a user; returns the ids of those that were live."""
    return [row["id"] for row in await source.fetch(_SQL["revoke_of_user"], user_id)]


async def list_ended_with(source: Connection | Pool, session_id: str) -> list[str]:
    """The ids of the revoked grants of a session that has ended."""
    return [row["id"] for row in await source.fetch(_SQL["list_ended_with"], session_id)]


async def revoke_of_client(source: Connection | Pool, client_id: str) -> list[str]:
    """Revoke all grants of a client; returns the ids of those that were live."""
    return [row["id"] for row in await source.fetch(_SQL["revoke_of_client"], client_id)]


async def is_revoked(source: Connection | Pool, grant_id: str) -> bool:
    """True also for a grant that does not exist and for an empty id."""
    return not grant_id or await find_live(source, grant_id) is None


async def list_revoked(source: Connection | Pool, within_s: int) -> list[tuple[str, datetime]]:
    rows = await source.fetch(_SQL["list_revoked"], within_s)
    return [(row["id"], row["revoked_at"]) for row in rows]


async def create_code(
    source: Connection | Pool, grant_id: str, redirect_uri: str, challenge: str | None
) -> str:
    """Create an authorization code and return it; only its digest is stored."""
    code = crypto.create_secret()
    digest = crypto.digest(code)
    await source.execute(
        _SQL["create_code"], digest, grant_id, redirect_uri, challenge, AUTHORIZATION_CODE_S
    )
    return code


async def load_code(connection: Connection, code: str) -> AuthorizationCode | None:
    """The code, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["load_code"], crypto.digest(code))
    return AuthorizationCode(**row) if row else None


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
    """The id of the grant that the token belongs to."""
    found: str | None = await source.fetchval(_SQL["find_refresh"], crypto.digest(token))
    return found


async def load_refresh(connection: Connection, token: str) -> RefreshToken:
    """Read it after locking its grant."""
    row = await connection.fetchrow(_SQL["load_refresh"], crypto.digest(token), REFRESH_GRACE_S)
    assert row is not None
    return RefreshToken(row["unexpired"], row["used"], bool(row["in_grace"]))


async def use_refresh(connection: Connection, token: str) -> None:
    await connection.execute(_SQL["use_refresh"], crypto.digest(token))


async def prune(source: Connection | Pool) -> None:
    """Delete grants and codes that ended long ago."""
    for name in ("prune", "prune_codes", "prune_devices"):
        await source.execute(_SQL[name])


def _grant(row: asyncpg.Record | None) -> Grant | None:
    return Grant(**{**row, "claims": json.loads(row["claims"])}) if row else None
