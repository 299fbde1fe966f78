"""A new account, and the proof that its address is its user's."""

from control_plane.enrolment import enrol
from control_plane.kit.database import Connection, transaction
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.provider import Provider
from control_plane.users import email as addresses
from control_plane.users import links, passwords
from control_plane.users import service as users
from control_plane.users import store as user_store
from control_plane.users.links import Link, Purpose
from control_plane.users.records import NewUser, User
from shared.errors import NotFound, ValidationFailed

_TIER = "free"


async def register(provider: Provider, email: str, password: str) -> User:
    """Raises ValidationFailed, naming every field that is wrong, or Conflict."""
    check_fields(email, password)
    new = NewUser(email, _TIER, password, email_verified=False)
    async with transaction(provider.pool) as connection:
        user = await enrol(connection, new)
        await send_verification(connection, provider.issuer, user.id, user.email)
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
    letter = letters.verify(f"{issuer}/verify-email?token={secret}")
    await mails.create(connection, email, letter)


async def verify(provider: Provider, secret: str) -> None:
    """Raises NotFound for a link that is used or over."""
    async with transaction(provider.pool) as connection:
        link = await links.consume(connection, Purpose.VERIFY, secret)
        if link is None or not await user_store.verify_email(connection, link.user_id, link.email):
            raise NotFound("This link was used already, or is over.")


async def verify_again(provider: Provider, user_id: str) -> None:
    """Another mail, unless the address is verified."""
    profile = await users.load_profile(provider.pool, user_id)
    if not profile.email_verified:
        async with transaction(provider.pool) as connection:
            await send_verification(connection, provider.issuer, user_id, profile.email)
