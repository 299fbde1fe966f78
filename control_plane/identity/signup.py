"""Creates accounts and verifies their e-mail addresses."""

from control_plane.identity import first_proof, provisioning
from control_plane.identity.context import IdentityContext
from control_plane.identity.throttle import TooManyAttempts
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import InvalidLink, Link, Purpose
from control_plane.identity.users.records import NewUser, User
from control_plane.kit.database import Connection, transaction
from control_plane.notifications import emails, outbox
from shared.errors import ValidationFailed

_TIER = "free"
_ENOUGH_TODAY = "Enough e-mails were sent to this address today. Try again tomorrow."


async def register(context: IdentityContext, email: str, password: str) -> User:
    """Create a user and send a verification link.

    Raises ValidationFailed with every invalid field, or Conflict when the address is taken.
    """
    validate(email, password)
    new = NewUser(email, _TIER, password, email_verified=False)
    async with transaction(context.pool) as connection:
        user = await provisioning.create_user(connection, new)
        await send_verification(connection, context, user.id, user.email)
    return user


def validate(email: str, password: str) -> None:
    """Raises ValidationFailed with every invalid field. Pure."""
    fields = []
    try:
        addresses.normalise(email)
    except ValidationFailed as error:
        fields += error.details["fields"]
    password_error = passwords.find_error(password)
    if password_error is not None:
        fields.append({"field": "password", "message": password_error})
    if fields:
        raise ValidationFailed(details={"fields": fields})


async def send_verification(
    connection: Connection, context: IdentityContext, user_id: str, email: str
) -> None:
    """Send a new verification link; earlier ones stop working. Raises TooManyAttempts."""
    if not await links.may_send(connection, Purpose.VERIFY, email):
        raise TooManyAttempts(_ENOUGH_TODAY)
    secret = await links.create(connection, Purpose.VERIFY, Link(user_id, email))
    message = emails.verify_email(context.links.verify_email(secret))
    await outbox.enqueue(connection, email, message)


async def verify_email(context: IdentityContext, secret: str, signed_in: str = "") -> None:
    """Mark the address verified; see `first_proof`. Raises InvalidLink.

    `signed_in`: the id of the user whom the caller is signed in as, if any.
    """
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.VERIFY, secret)
        if link is None:
            raise InvalidLink
        dropped = await first_proof.by_link(connection, link.user_id, signed_in)
        if not await user_store.verify_email(connection, link.user_id, link.email):
            raise InvalidLink
    await first_proof.publish(context, dropped)


async def resend_verification(context: IdentityContext, user_id: str) -> None:
    """Send another link unless the address is verified. Raises NotFound or TooManyAttempts."""
    profile = await users.load_profile(context.pool, user_id)
    if not profile.email_verified:
        async with transaction(context.pool) as connection:
            await send_verification(connection, context, user_id, profile.email)
