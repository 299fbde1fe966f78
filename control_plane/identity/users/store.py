"""Users in PostgreSQL."""

from dataclasses import dataclass

import asyncpg

from control_plane.identity.users.records import Change, Profile, User
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.users")
_CREATE, _FIND, _FIND_BY_EMAIL = _SQL["create"], _SQL["find"], _SQL["find_by_email"]
_PROFILE, _CREDENTIALS, _PASSWORD = (
    *(_SQL["find_profile"], _SQL["find_credentials"]),
    _SQL["load_password"],
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    id: str
    password_hash: str | None
    state: str


async def create(
    connection: Connection,
    email: str,
    tier: str,
    password_hash: str | None,
    marks: tuple[bool, bool],
) -> User | None:
    """`marks`: whether an admin, whether verified. None when the address is taken."""
    row = await connection.fetchrow(_CREATE, email, tier, password_hash, *marks)
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


async def find_profile(source: Connection | Pool, user_id: str) -> Profile | None:
    """Of a user who has not been deleted."""
    row = await source.fetchrow(_PROFILE, user_id)
    return Profile(**row) if row else None


async def find_credentials(source: Connection | Pool, email: str) -> Credentials | None:
    """By the normalised address; also of a user who was deleted and may still come back."""
    row = await source.fetchrow(_CREDENTIALS, email)
    return Credentials(**row) if row else None


async def load_password(source: Connection | Pool, user_id: str) -> str | None:
    """The hash."""
    found: str | None = await source.fetchval(_PASSWORD, user_id)
    return found


async def note_login(source: Connection | Pool, user_id: str) -> None:
    await source.execute(_SQL["note_login"], user_id)


async def change_password(source: Connection | Pool, user_id: str, password_hash: str) -> None:
    await source.execute(_SQL["change_password"], user_id, password_hash)


async def rehash_password(
    source: Connection | Pool, credentials: Credentials, password_hash: str
) -> None:
    """The same password, hashed as it is done today; nothing if it has changed meanwhile."""
    await source.execute(
        _SQL["rehash_password"], credentials.id, password_hash, credentials.password_hash
    )


async def verify_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when it is not the user's address any more."""
    return await source.fetchval(_SQL["verify_email"], user_id, email) is not None


async def change_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when the address is taken, or the user gone."""
    try:
        return await source.fetchval(_SQL["change_email"], user_id, email) is not None
    except asyncpg.UniqueViolationError:
        return False


async def restore_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when the address is taken, or the user forgotten."""
    try:
        return await source.fetchval(_SQL["restore_email"], user_id, email) is not None
    except asyncpg.UniqueViolationError:
        return False


async def change_profile(source: Connection | Pool, user_id: str, change: Change) -> bool:
    """False when the username is taken."""
    try:
        await source.execute(
            *(_SQL["change_profile"], user_id, sorted(change.fields), change.username),
            *(change.first_name, change.last_name, change.profile_picture_url),
        )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def delete(source: Connection | Pool, user_id: str) -> None:
    """Softly: the row stays for thirty days."""
    await source.execute(_SQL["delete"], user_id)


def _user(row: asyncpg.Record) -> User:
    return User(**row)
