"""A new account, and the proof that its address is its user's."""

from control_plane.identity.context import IdentityContext
from control_plane.identity.provisioning import create_user
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import Link, Purpose
from control_plane.identity.users.records import NewUser, User
from control_plane.kit.database import Connection, transaction
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import NotFound, ValidationFailed

_TIER = "free"


async def register(context: IdentityContext, email: str, password: str) -> User:
    """Raises ValidationFailed, naming every field that is wrong, or Conflict."""
    check_fields(email, password)
    new = NewUser(email, _TIER, password, email_verified=False)
    async with transaction(context.pool) as connection:
        user = await create_user(connection, new)
        await send_verification(connection, context.issuer, user.id, user.email)
    return user


def check_fields(email: str, password: str) -> None:
    """Raises ValidationFailed with both faults at once."""
    fields = []
    try:
        addresses.normalise(email)
    except ValidationFailed as error:
        fields += error.details["fields"]
    fault = passwords.find_fault(password)
    if fault is not None:
        fields.append({"field": "password", "message": fault})
    if fields:
        raise ValidationFailed(details={"fields": fields})


async def send_verification(connection: Connection, issuer: str, user_id: str, email: str) -> None:
    """A fresh link; those before end."""
    secret = await links.create(connection, Purpose.VERIFY, Link(user_id, email))
    letter = emails.verify(f"{issuer}/verify-email?token={secret}")
    await mails.create(connection, email, letter)


async def verify(context: IdentityContext, secret: str) -> None:
    """Raises NotFound for a link that is used or over."""
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.VERIFY, secret)
        if link is None or not await user_store.verify_email(connection, link.user_id, link.email):
            raise NotFound("This link was used already, or is over.")


async def verify_again(context: IdentityContext, user_id: str) -> None:
    """Another mail, unless the address is verified."""
    profile = await users.load_profile(context.pool, user_id)
    if not profile.email_verified:
        async with transaction(context.pool) as connection:
            await send_verification(connection, context.issuer, user_id, profile.email)
