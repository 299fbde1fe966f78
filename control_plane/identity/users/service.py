"""The rules of users: an address is normalised and taken once; passwords are hashed here."""

from control_plane.identity.users import passwords, store
from control_plane.identity.users.email import normalise
from control_plane.identity.users.records import Change, NewUser, Profile, User
from control_plane.identity.users.store import Credentials
from control_plane.kit.database import Connection, Pool
from shared.errors import Conflict, NotFound, ValidationFailed


async def create(connection: Connection, new: NewUser) -> User:
    """Raises ValidationFailed (address, password) or Conflict (the address is taken)."""
    email = normalise(new.email)
    password_hash = await passwords.create_hash(new.password) if new.password else None
    marks = new.is_admin, new.email_verified
    user = await store.create(connection, email, new.tier, password_hash, marks)
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


async def find_profile(source: Connection | Pool, user_id: str) -> Profile | None:
    """Of a user who has not been deleted."""
    return await store.find_profile(source, user_id)


async def load_profile(source: Connection | Pool, user_id: str) -> Profile:
    """Raises NotFound."""
    profile = await find_profile(source, user_id)
    if profile is None:
        raise NotFound("There is no such user.")
    return profile


async def authenticate(source: Connection | Pool, email: str, password: str) -> Credentials | None:
    """Whose address and password this is; None, after the same time, for any other."""
    try:
        credentials = await store.find_credentials(source, normalise(email))
    except ValidationFailed:
        credentials = None
    kept = credentials.password_hash if credentials else None
    if not await passwords.check(password, kept) or credentials is None or kept is None:
        return None
    if passwords.is_old(kept):
        await store.rehash_password(source, credentials, await passwords.rehash(password))
    return credentials


async def change_profile(source: Connection | Pool, user_id: str, change: Change) -> Profile:
    """Raises Conflict (the username is taken)."""
    if change.fields and not await store.change_profile(source, user_id, change):
        raise Conflict("This username is taken.", param="username")
    return await load_profile(source, user_id)
