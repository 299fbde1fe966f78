"""Changes a user's e-mail address, confirmed by a link sent to the new address."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.credentials import check_password
from control_plane.identity.email_revert import create_revert_link
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import InvalidLink, Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails, outbox
from shared.errors import Conflict

_REQUESTS_MAX = 10


async def request_change_with_password(
    context: IdentityContext, user_id: str, current_password: str, new_email: str
) -> None:
    """Raises IncorrectPassword, TooManyAttempts, or ValidationFailed (the address)."""
    address = addresses.normalise(new_email)
    await check_password(context, user_id, current_password)
    await request_change(context, user_id, address)


async def request_change(context: IdentityContext, user_id: str, new_email: str) -> None:
    """Send a confirmation link to the new address and a revert link to the current one.

    The caller has checked the password. Raises ValidationFailed or TooManyAttempts.
    """
    address = addresses.normalise(new_email)
    await context.throttle.count("change of address", user_id, _REQUESTS_MAX)
    profile = await users.load_profile(context.pool, user_id)
    async with transaction(context.pool) as connection:
        secret = await links.create(connection, Purpose.CHANGE, Link(user_id, address))
        url = context.links.confirm_email_change(secret)
        await outbox.enqueue(connection, address, emails.confirm_email_change(url))
        revert_url = await create_revert_link(connection, context, Link(user_id, profile.email))
        notice = emails.email_change_notice(address, revert_url)
        await outbox.enqueue(connection, profile.email, notice)


async def confirm_change(context: IdentityContext, secret: str, client_info: ClientInfo) -> None:
    """Apply the change. Raises InvalidLink, or Conflict when the address was taken meanwhile."""
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.CHANGE, secret)
        if link is None:
            raise InvalidLink
        old_email = (await users.load_profile(connection, link.user_id)).email
        if not await user_store.change_email(connection, link.user_id, link.email):
            raise Conflict("This e-mail address belongs to another account.")
        await activity.record(connection, link.user_id, activity.EMAIL_CHANGED, client_info)
        revert_url = await create_revert_link(connection, context, Link(link.user_id, old_email))
        notice = emails.email_changed_notice(link.email, revert_url)
        await outbox.enqueue(connection, old_email, notice)
