"""Rules for users: addresses are normalised and unique, passwords are hashed."""

from control_plane.identity.users import email as addresses
from control_plane.identity.users import passwords, store
from control_plane.identity.users.email import normalise
from control_plane.identity.users.records import NewUser, Profile, ProfileUpdate, User
from control_plane.identity.users.store import Credentials
from control_plane.kit.database import Connection, Pool
from shared.errors import Conflict, NotFound


async def create(connection: Connection, new: NewUser) -> User:
    """Create a user. Raises ValidationFailed (address, password) or Conflict (address taken)."""
    email = normalise(new.email)
    password_hash = await passwords.create_hash(new.password) if new.password else None
    user = await store.create(
        connection,
        email,
        new.tier,
        password_hash,
        is_admin=new.is_admin,
        email_verified=new.email_verified,
    )
    if user is None:
        raise Conflict(f"A user with the e-mail address {email} already exists.", param="email")
    return user


async def find(source: Connection | Pool, user_id: str) -> User | None:
    """A user who has not been deleted."""
    return await store.find(source, user_id)


async def find_by_email(source: Connection | Pool, email: str) -> User | None:
    """The user with this address, which is normalised first. Raises ValidationFailed."""
    return await store.find_by_email(source, normalise(email))


async def load_by_email(source: Connection | Pool, email: str) -> User:
    """The user with this address. Raises NotFound or ValidationFailed."""
    user = await find_by_email(source, email)
    if user is None:
        raise NotFound(
            f"There is no user with the e-mail address {normalise(email)}.", param="email"
        )
    return user


async def find_profile(source: Connection | Pool, user_id: str) -> Profile | None:
    """The profile of a user who has not been deleted."""
    return await store.find_profile(source, user_id)


async def load_profile(source: Connection | Pool, user_id: str) -> Profile:
    """Raises NotFound."""
    profile = await find_profile(source, user_id)
    if profile is None:
        raise NotFound("There is no such user.")
    return profile


async def find_credentials(source: Connection | Pool, email: str) -> Credentials | None:
    """What the password of this address is checked against; None for an invalid address, too."""
    address = addresses.find_normal_form(email)
    return None if address is None else await store.find_credentials(source, address)


async def check_password(
    source: Connection | Pool, credentials: Credentials | None, password: str
) -> bool:
    """Whether this is the user's password. It takes as long where there is no user."""
    password_hash = credentials.password_hash if credentials else None
    correct = await passwords.check(password, password_hash)
    if not correct or credentials is None or password_hash is None:
        return False
    if passwords.needs_rehash(password_hash):
        await store.rehash_password(source, credentials, await passwords.rehash(password))
    return True


async def change_profile(source: Connection | Pool, user_id: str, update: ProfileUpdate) -> Profile:
    """Apply the update and return the profile. Raises Conflict (username taken) or NotFound."""
    if update.fields and not await store.change_profile(source, user_id, update):
        raise Conflict("This username is already taken.", param="username")
    return await load_profile(source, user_id)
