"""Changes a user's e-mail address, confirmed by a link sent to the new address."""

from control_plane.activity import store as activity
from control_plane.identity import first_proof
from control_plane.identity.context import IdentityContext
from control_plane.identity.email_revert import create_revert_link
from control_plane.identity.throttle import Count, TooManyAttempts
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
_ENOUGH_TODAY = "Enough e-mails were sent to this address today. Try again tomorrow."


async def request_change(context: IdentityContext, user_id: str, new_email: str) -> None:
    """Send a confirmation link to the new address and a revert link to the current one.

    The caller has checked the password. Raises ValidationFailed or TooManyAttempts.
    """
    address = addresses.normalise(new_email)
    await context.throttle.begin(Count("change of address", user_id, _REQUESTS_MAX))
    profile = await users.load_profile(context.pool, user_id)
    async with transaction(context.pool) as connection:
        if not await links.may_send(connection, Purpose.CHANGE, address):
            raise TooManyAttempts(_ENOUGH_TODAY)
        secret = await links.create(connection, Purpose.CHANGE, Link(user_id, address))
        url = context.links.confirm_email_change(secret)
        await outbox.enqueue(connection, address, emails.confirm_email_change(url))
        revert_url = await create_revert_link(connection, context, Link(user_id, profile.email))
        notice = emails.email_change_notice(address, revert_url)
        await outbox.enqueue(connection, profile.email, notice)


async def confirm_change(
    context: IdentityContext, secret: str, client_info: ClientInfo, signed_in: str = ""
) -> None:
    """Apply the change. Raises InvalidLink, or Conflict when the address was taken meanwhile.

    `signed_in`: the id of the user whom the caller is signed in as, if any. From an address that
    was never verified this is the first proof, and it cannot be reverted to.
    """
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.CHANGE, secret)
        if link is None:
            raise InvalidLink
        profile = await users.load_profile(connection, link.user_id)
        dropped = await first_proof.by_link(connection, link.user_id, signed_in)
        if not await user_store.change_email(connection, link.user_id, link.email):
            raise Conflict("This e-mail address belongs to another account.")
        await activity.record(connection, link.user_id, activity.EMAIL_CHANGED, client_info)
        if profile.email_verified:
            old = Link(link.user_id, profile.email)
            revert_url = await create_revert_link(connection, context, old)
            notice = emails.email_changed_notice(link.email, revert_url)
            await outbox.enqueue(connection, profile.email, notice)
        else:
            await links.end_all(connection, link.user_id)
    await first_proof.publish(context, dropped)
