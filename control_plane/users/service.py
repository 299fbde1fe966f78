"""The rules of users: an address is normalised and taken once; passwords are hashed here."""

from control_plane.kit.database import Connection, Pool
from control_plane.users import passwords, store
from control_plane.users.email import normalise
from control_plane.users.records import NewUser, User
from shared.errors import Conflict, NotFound


async def create(connection: Connection, new: NewUser) -> User:
    """Raises ValidationFailed (address, password) or Conflict (the address is taken)."""
    email = normalise(new.email)
    password_hash = await passwords.create_hash(new.password) if new.password else None
    user = await store.create(connection, email, new.tier, password_hash, new.is_admin)
    if user is None:
        raise Conflict(f"There is a user with the address {email} already.", param="email")
    return user


async def find(source: Connection | Pool, user_id: str) -> User | None:
    """A user who has not been deleted."""
    return await store.find(source, user_id)


async def find_by_email(source: Connection | Pool, email: str) -> User | None:
    """By an address as a person writes it."""
    return await store.find_by_email(source, normalise(email))


async def load_by_email(source: Connection | Pool, email: str) -> User:
    """Raises NotFound when nobody has this address."""
    user = await find_by_email(source, email)
    if user is None:
        raise NotFound(f"There is no user with the address {normalise(email)}.", param="email")
    return user
