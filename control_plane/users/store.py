"""Users in PostgreSQL."""

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.users.records import User

_SQL = queries.load("control_plane.users")
_CREATE, _FIND, _FIND_BY_EMAIL = _SQL["create"], _SQL["find"], _SQL["find_by_email"]


async def create(
    connection: Connection, email: str, tier: str, password_hash: str | None, is_admin: bool
) -> User | None:
    """None when the address is taken."""
    row = await connection.fetchrow(_CREATE, email, tier, password_hash, is_admin)
    return _user(row) if row else None


async def find(source: Connection | Pool, user_id: str) -> User | None:
    """None, too, for a text that is no identifier at all."""
    try:
        row = await source.fetchrow(_FIND, user_id)
    except asyncpg.DataError:
        return None
    return _user(row) if row else None


async def find_by_email(source: Connection | Pool, email: str) -> User | None:
    """By the normalised address."""
    row = await source.fetchrow(_FIND_BY_EMAIL, email)
    return _user(row) if row else None


def _user(row: asyncpg.Record) -> User:
    return User(**row)
