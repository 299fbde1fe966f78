"""Getting back in without the password. Whoever asks learns nothing about who has an account."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_everything
from control_plane.identity.users import email as addresses
from control_plane.identity.users import links, passwords
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import NotFound, ValidationFailed


async def ask(context: IdentityContext, email: str) -> None:
    """Sends the link if there is somebody to send it to; says nothing either way."""
    try:
        address = addresses.normalise(email)
    except ValidationFailed:
        return
    found = await user_store.find_credentials(context.pool, address)
    if found is None:
        return
    async with transaction(context.pool) as connection:
        secret = await links.create(connection, Purpose.RESET, Link(found.id, address))
        letter = emails.reset(f"{context.issuer}/reset-password?token={secret}")
        await mails.create(connection, address, letter)


async def reset(context: IdentityContext, secret: str, password: str, origin: ClientInfo) -> None:
    """Raises ValidationFailed (the password; the link stays good) or NotFound (the link).

    All sessions and tokens end. Who got the mail has the address, so it is verified, too.
    """
    password_hash = await passwords.create_hash(password)
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.RESET, secret)
        if link is None:
            raise NotFound("This link was used already, or is over.")
        await user_store.change_password(connection, link.user_id, password_hash)
        await user_store.verify_email(connection, link.user_id, link.email)
        ended = await end_everything(connection, link.user_id)
        await activity.record(connection, link.user_id, activity.PASSWORD_CHANGED, origin)
        await mails.create(connection, link.email, emails.told_of_password(context.issuer))
    await revocation.publish_revocation(context.redis, ended)
