"""Users in PostgreSQL."""

from dataclasses import dataclass

import asyncpg

from control_plane.identity.users.records import Profile, ProfileUpdate, User
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.users")
_CREATE, _FIND, _FIND_BY_EMAIL = _SQL["create"], _SQL["find"], _SQL["find_by_email"]
_PROFILE, _CREDENTIALS = _SQL["find_profile"], _SQL["find_credentials"]
_PASSWORD_HASH = _SQL["load_password_hash"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against. `password_hash` None: no password is set."""

    id: str
    password_hash: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What has been proven of a user.

    `email_verified`: somebody could open mail to the address. `password_unproven`: the password was
    chosen by whoever registered, who may be somebody else.
    """

    email_verified: bool
    password_unproven: bool


async def create(
    connection: Connection,
    email: str,
    tier: str,
    password_hash: str | None,
    *,
    is_admin: bool,
    email_verified: bool,
) -> User | None:
    """None when the address is taken."""
    row = await connection.fetchrow(_CREATE, email, tier, password_hash, is_admin, email_verified)
    return _user(row) if row else None


async def find(source: Connection | Pool, user_id: str) -> User | None:
    """None also for text that is not a UUID."""
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


async def load_password_hash(source: Connection | Pool, user_id: str) -> str | None:
    """The argon2id hash. None: no password is set."""
    found: str | None = await source.fetchval(_PASSWORD_HASH, user_id)
    return found


async def record_login(source: Connection | Pool, user_id: str) -> None:
    """Also restores a user deleted less than 30 days ago."""
    await source.execute(_SQL["record_login"], user_id)


async def change_password(source: Connection | Pool, user_id: str, password_hash: str) -> None:
    await source.execute(_SQL["change_password"], user_id, password_hash)


async def change_state(connection: Connection, user_id: str, state: str) -> None:
    await connection.execute(_SQL["change_state"], user_id, state)


async def lock_proof(connection: Connection, user_id: str) -> Proof:
    """Locks the user until the transaction ends. The user must exist."""
    row = await connection.fetchrow(_SQL["lock_proof"], user_id)
    assert row is not None
    return Proof(**row)


async def prove_password(connection: Connection, user_id: str) -> None:
    """The password is known to be the choice of the owner of the address."""
    await connection.execute(_SQL["prove_password"], user_id)


async def rehash_password(
    source: Connection | Pool, credentials: Credentials, password_hash: str
) -> None:
    """Store a hash with current parameters, unless the password was changed meanwhile."""
    await source.execute(
        _SQL["rehash_password"], credentials.id, password_hash, credentials.password_hash
    )


async def queue_reset(source: Connection | Pool, email: str) -> None:
    """Store a request to reset the password of this normalised address, if it has an account."""
    await source.execute(_SQL["queue_reset"], email)


async def take_reset(connection: Connection) -> str | None:
    """Take the address of the oldest request out of the queue."""
    address: str | None = await connection.fetchval(_SQL["take_reset"])
    return address


async def verify_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when this is no longer the user's address."""
    return await source.fetchval(_SQL["verify_email"], user_id, email) is not None


async def change_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when the address is taken or the user deleted."""
    try:
        return await source.fetchval(_SQL["change_email"], user_id, email) is not None
    except asyncpg.UniqueViolationError:
        return False


async def revert_email(source: Connection | Pool, user_id: str, email: str) -> bool:
    """False when the address is taken or the user erased."""
    try:
        return await source.fetchval(_SQL["revert_email"], user_id, email) is not None
    except asyncpg.UniqueViolationError:
        return False


async def change_profile(source: Connection | Pool, user_id: str, update: ProfileUpdate) -> bool:
    """False when the username is taken."""
    try:
        await source.execute(
            _SQL["change_profile"],
            user_id,
            sorted(update.fields),
            update.username,
            update.first_name,
            update.last_name,
            update.profile_picture_url,
        )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def delete(source: Connection | Pool, user_id: str) -> None:
    """Mark the user deleted; the row is erased after 30 days."""
    await source.execute(_SQL["delete"], user_id)


def _user(row: asyncpg.Record) -> User:
    return User(**row)
