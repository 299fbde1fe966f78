"""Changes of password and address, each with the present password."""

from control_plane.accounts.leaving import end_everything
from control_plane.kit.database import transaction
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.grants import events, revoking
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Origin
from control_plane.users import email as addresses
from control_plane.users import links, passwords
from control_plane.users import service as users
from control_plane.users import store as user_store
from control_plane.users.links import Link, Purpose
from shared.errors import Conflict, Forbidden, NotFound


async def change_password(
    provider: Provider, user_id: str, given: str, wanted: str, origin: Origin
) -> None:
    """Signs out everything. Raises Forbidden (the present one) or ValidationFailed (the new)."""
    profile = await users.load_profile(provider.pool, user_id)
    await check_password(provider, user_id, given)
    password_hash = await passwords.create_hash(wanted)
    letter = letters.told_of_password()
    async with transaction(provider.pool) as connection:
        await user_store.change_password(connection, user_id, password_hash)
        ended = await end_everything(connection, user_id)
        await events.record(connection, user_id, events.PASSWORD_CHANGED, origin)
        await mails.create(connection, profile.email, letter.subject, letter.body)
    await revoking.announce(provider.redis, ended)


async def ask_email(provider: Provider, user_id: str, given: str, wanted: str) -> None:
    """Tells both addresses; the change is made by the link sent to the new one."""
    address = addresses.normalise(wanted)
    profile = await users.load_profile(provider.pool, user_id)
    await check_password(provider, user_id, given)
    told = letters.told_of_change(address)
    async with transaction(provider.pool) as connection:
        secret = await links.create(connection, Purpose.CHANGE, Link(user_id, address))
        letter = letters.confirm_change(f"{provider.issuer}/verify-email?token={secret}&new=1")
        await mails.create(connection, address, letter.subject, letter.body)
        await mails.create(connection, profile.email, told.subject, told.body)


async def confirm_email(provider: Provider, secret: str, origin: Origin) -> None:
    """Raises NotFound (the link) or Conflict (somebody has the address by now)."""
    link = await links.consume(provider.pool, Purpose.CHANGE, secret)
    if link is None:
        raise NotFound("This link was used already, or is over.")
    if not await user_store.change_email(provider.pool, link.user_id, link.email):
        raise Conflict("This address belongs to another account.")
    await events.record(provider.pool, link.user_id, events.EMAIL_CHANGED, origin)


async def check_password(provider: Provider, user_id: str, given: str) -> None:
    """Raises Forbidden, or TooManyTries."""
    await provider.throttle.check_name("password", user_id)
    kept = await user_store.load_password(provider.pool, user_id)
    if not await passwords.check(given, kept):
        await provider.throttle.fail_name("password", user_id)
        raise Forbidden("This is not your present password.")
    await provider.throttle.clear_name("password", user_id)
