"""Password reset by e-mail. Responses do not reveal whether an address has an account."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import InvalidLink, Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails, outbox
from shared.errors import ValidationFailed


async def request_reset(context: IdentityContext, email: str) -> None:
    """Send a reset link if the address has an account; do nothing otherwise."""
    try:
        address = addresses.normalise(email)
    except ValidationFailed:
        return
    user = await user_store.find_credentials(context.pool, address)
    if user is None:
        return
    async with transaction(context.pool) as connection:
        secret = await links.create(connection, Purpose.RESET, Link(user.id, address))
        message = emails.reset_password(context.links.reset_password(secret))
        await outbox.enqueue(connection, address, message)


async def reset_password(
    context: IdentityContext, secret: str, password: str, client_info: ClientInfo
) -> None:
    """Set a new password and sign out everywhere. The link also verifies the address.

    Raises ValidationFailed (the password; the link stays valid) or InvalidLink.
    """
    password_hash = await passwords.create_hash(password)
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.RESET, secret)
        if link is None:
            raise InvalidLink
        await user_store.change_password(connection, link.user_id, password_hash)
        await user_store.verify_email(connection, link.user_id, link.email)
        revoked = await end_all_sessions(connection, link.user_id)
        await activity.record(connection, link.user_id, activity.PASSWORD_CHANGED, client_info)
        notice = emails.password_changed_notice(context.links)
        await outbox.enqueue(connection, link.email, notice)
    await revocation.publish_revocation(context.redis, revoked)
