"""Getting back in without the password. Whoever asks learns nothing about who has an account."""

from control_plane.accounts.leaving import end_everything
from control_plane.kit.database import transaction
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.grants import events, revoking
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Origin
from control_plane.users import email as addresses
from control_plane.users import links, passwords
from control_plane.users import store as user_store
from control_plane.users.links import Link, Purpose
from shared.errors import NotFound, ValidationFailed


async def ask(provider: Provider, email: str) -> None:
    """Sends the link if there is somebody to send it to; says nothing either way."""
    try:
        address = addresses.normalise(email)
    except ValidationFailed:
        return
    found = await user_store.find_credentials(provider.pool, address)
    if found is None:
        return
    async with transaction(provider.pool) as connection:
        secret = await links.create(connection, Purpose.RESET, Link(found.id, address))
        letter = letters.reset(f"{provider.issuer}/reset-password?token={secret}")
        await mails.create(connection, address, letter)


async def reset(provider: Provider, secret: str, password: str, origin: Origin) -> None:
    """Raises ValidationFailed (the password; the link stays good) or NotFound (the link).

    All sessions and tokens end. Who got the mail has the address, so it is verified, too.
    """
    password_hash = await passwords.create_hash(password)
    async with transaction(provider.pool) as connection:
        link = await links.consume(connection, Purpose.RESET, secret)
        if link is None:
            raise NotFound("This link was used already, or is over.")
        await user_store.change_password(connection, link.user_id, password_hash)
        await user_store.verify_email(connection, link.user_id, link.email)
        ended = await end_everything(connection, link.user_id)
        await events.record(connection, link.user_id, events.PASSWORD_CHANGED, origin)
        await mails.create(connection, link.email, letters.told_of_password(provider.issuer))
    await revoking.announce(provider.redis, ended)
