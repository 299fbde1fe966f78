"""Password reset by e-mail. Responses do not reveal whether an address has an account, also not by
the time they take: the request is stored and answered, and a job of the workers sends the mail.
"""

from control_plane.activity import store as activity
from control_plane.identity import first_proof
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import InvalidLink, Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool, transaction
from control_plane.notifications import emails, outbox
from shared.links import Links


async def request_reset(context: IdentityContext, email: str) -> None:
    """Queue a reset link for this address; ignore text that is no address."""
    address = addresses.find_normal_form(email)
    if address is not None:
        await user_store.queue_reset(context.pool, address)


async def send_requested(pool: Pool, public: Links) -> None:
    """Send the queued reset links to addresses that have an account, at most some a day.

    A request leaves the queue in the transaction that queues its mail, so a crash loses none.
    """
    while True:
        async with transaction(pool) as connection:
            address = await user_store.take_reset(connection)
            if address is None:
                return
            await _send_link(connection, public, address)


async def reset_password(
    context: IdentityContext, secret: str, password: str, client_info: ClientInfo
) -> None:
    """Set a new password, sign out everywhere and end every open link. The link also verifies the
    address; see `first_proof`.

    Raises ValidationFailed (the password; the link stays valid) or InvalidLink.
    """
    if await links.find(context.pool, Purpose.RESET, secret) is None:
        raise InvalidLink  # before the password is hashed, which takes long
    password_hash = await passwords.create_hash(password)
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.RESET, secret)
        if link is None:
            raise InvalidLink
        dropped = await first_proof.by_reset(connection, link.user_id)
        await user_store.change_password(connection, link.user_id, password_hash)
        await user_store.verify_email(connection, link.user_id, link.email)
        await links.end_open(connection, link.user_id)
        revoked = await end_all_sessions(connection, link.user_id)
        await activity.record(connection, link.user_id, activity.PASSWORD_CHANGED, client_info)
        notice = emails.password_changed_notice(context.links)
        await outbox.enqueue(connection, link.email, notice)
    await revocation.publish_revocation(context.pool, context.redis, revoked)
    await first_proof.publish(context, dropped)


async def _send_link(connection: Connection, public: Links, address: str) -> None:
    user = await user_store.find_credentials(connection, address)
    if user is None or not await links.may_send(connection, Purpose.RESET, address):
        return
    secret = await links.create(connection, Purpose.RESET, Link(user.id, address))
    message = emails.reset_password(public.reset_password(secret))
    await outbox.enqueue(connection, address, message)
