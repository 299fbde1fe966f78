"""Changes of password and address, each with the present password."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.email_revert import create_undo
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_everything
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import Conflict, Forbidden, NotFound

_ASKED_MAX = 10


class WrongPassword(Forbidden):
    """This is not your present password."""


async def change_password(
    context: IdentityContext, user_id: str, given: str, wanted: str, origin: ClientInfo
) -> None:
    """Signs out everything. Raises WrongPassword, or ValidationFailed (the new one)."""
    await check_password(context, user_id, given)
    await replace_password(context, user_id, wanted, origin)


async def replace_password(
    context: IdentityContext, user_id: str, wanted: str, origin: ClientInfo, *, keep: str = ""
) -> None:
    """For somebody whose present one was checked. Signs out all but the browser session to `keep`.
    Raises ValidationFailed.
    """
    profile = await users.load_profile(context.pool, user_id)
    password_hash = await passwords.create_hash(wanted)
    async with transaction(context.pool) as connection:
        await user_store.change_password(connection, user_id, password_hash)
        ended = await end_everything(connection, user_id, keep)
        await activity.record(connection, user_id, activity.PASSWORD_CHANGED, origin)
        await mails.create(connection, profile.email, emails.told_of_password(context.issuer))
    await revocation.publish_revocation(context.redis, ended)


async def ask_email(context: IdentityContext, user_id: str, given: str, wanted: str) -> None:
    """Raises WrongPassword, or ValidationFailed (the address)."""
    address = addresses.normalise(wanted)
    await check_password(context, user_id, given)
    await propose_email(context, user_id, address)


async def propose_email(context: IdentityContext, user_id: str, wanted: str) -> None:
    """For somebody whose password was checked. Tells both addresses; the change is made by the link
    sent to the new one, and undone by the link sent to the old one.
    """
    address = addresses.normalise(wanted)
    await context.throttle.count("change of address", user_id, _ASKED_MAX)
    profile = await users.load_profile(context.pool, user_id)
    async with transaction(context.pool) as connection:
        secret = await links.create(connection, Purpose.CHANGE, Link(user_id, address))
        link = f"{context.issuer}/verify-email?token={secret}&new=1"
        await mails.create(connection, address, emails.confirm_change(link))
        undo = await create_undo(connection, context, Link(user_id, profile.email))
        await mails.create(connection, profile.email, emails.told_of_change(address, undo))


async def confirm_email(context: IdentityContext, secret: str, origin: ClientInfo) -> None:
    """Raises NotFound (the link) or Conflict (somebody has the address by now)."""
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.CHANGE, secret)
        if link is None:
            raise NotFound("This link was used already, or is over.")
        old = (await users.load_profile(connection, link.user_id)).email
        if not await user_store.change_email(connection, link.user_id, link.email):
            raise Conflict("This address belongs to another account.")
        await activity.record(connection, link.user_id, activity.EMAIL_CHANGED, origin)
        undo = await create_undo(connection, context, Link(link.user_id, old))
        await mails.create(connection, old, emails.told_of_changed(link.email, undo))


async def check_password(context: IdentityContext, user_id: str, given: str) -> None:
    """Raises WrongPassword, or TooManyTries."""
    await context.throttle.check_name("password", user_id)
    kept = await user_store.load_password(context.pool, user_id)
    if not await passwords.check(given, kept):
        await context.throttle.fail_name("password", user_id)
        raise WrongPassword
    await context.throttle.clear_name("password", user_id)
