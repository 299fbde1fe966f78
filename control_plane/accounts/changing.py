"""Changes of password and address, each with the present password."""

from control_plane.accounts.leaving import end_everything
from control_plane.accounts.undoing import create_undo
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

_ASKED_MAX = 10


class WrongPassword(Forbidden):
    """This is not your present password."""


async def change_password(
    provider: Provider, user_id: str, given: str, wanted: str, origin: Origin
) -> None:
    """Signs out everything. Raises WrongPassword, or ValidationFailed (the new one)."""
    await check_password(provider, user_id, given)
    await replace_password(provider, user_id, wanted, origin)


async def replace_password(
    provider: Provider, user_id: str, wanted: str, origin: Origin, *, keep: str = ""
) -> None:
    """For somebody whose present one was checked. Signs out all but the browser session to `keep`.
    Raises ValidationFailed.
    """
    profile = await users.load_profile(provider.pool, user_id)
    password_hash = await passwords.create_hash(wanted)
    async with transaction(provider.pool) as connection:
        await user_store.change_password(connection, user_id, password_hash)
        ended = await end_everything(connection, user_id, keep)
        await events.record(connection, user_id, events.PASSWORD_CHANGED, origin)
        await mails.create(connection, profile.email, letters.told_of_password(provider.issuer))
    await revoking.announce(provider.redis, ended)


async def ask_email(provider: Provider, user_id: str, given: str, wanted: str) -> None:
    """Raises WrongPassword, or ValidationFailed (the address)."""
    address = addresses.normalise(wanted)
    await check_password(provider, user_id, given)
    await propose_email(provider, user_id, address)


async def propose_email(provider: Provider, user_id: str, wanted: str) -> None:
    """For somebody whose password was checked. Tells both addresses; the change is made by the link
    sent to the new one, and undone by the link sent to the old one.
    """
    address = addresses.normalise(wanted)
    await provider.throttle.count("change of address", user_id, _ASKED_MAX)
    profile = await users.load_profile(provider.pool, user_id)
    async with transaction(provider.pool) as connection:
        secret = await links.create(connection, Purpose.CHANGE, Link(user_id, address))
        link = f"{provider.issuer}/verify-email?token={secret}&new=1"
        await mails.create(connection, address, letters.confirm_change(link))
        undo = await create_undo(connection, provider, Link(user_id, profile.email))
        await mails.create(connection, profile.email, letters.told_of_change(address, undo))


async def confirm_email(provider: Provider, secret: str, origin: Origin) -> None:
    """Raises NotFound (the link) or Conflict (somebody has the address by now)."""
    async with transaction(provider.pool) as connection:
        link = await links.consume(connection, Purpose.CHANGE, secret)
        if link is None:
            raise NotFound("This link was used already, or is over.")
        old = (await users.load_profile(connection, link.user_id)).email
        if not await user_store.change_email(connection, link.user_id, link.email):
            raise Conflict("This address belongs to another account.")
        await events.record(connection, link.user_id, events.EMAIL_CHANGED, origin)
        undo = await create_undo(connection, provider, Link(link.user_id, old))
        await mails.create(connection, old, letters.told_of_changed(link.email, undo))


async def check_password(provider: Provider, user_id: str, given: str) -> None:
    """Raises WrongPassword, or TooManyTries."""
    await provider.throttle.check_name("password", user_id)
    kept = await user_store.load_password(provider.pool, user_id)
    if not await passwords.check(given, kept):
        await provider.throttle.fail_name("password", user_id)
        raise WrongPassword
    await provider.throttle.clear_name("password", user_id)
