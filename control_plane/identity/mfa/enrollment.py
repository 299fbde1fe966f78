"""Turns second factors on and off. Each change is an event and a mail to the user."""

from dataclasses import dataclass

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.mfa import (
    challenges,
    passkeys,
    recovery_codes,
    store,
    totp,
    verification,
)
from control_plane.identity.mfa.passkeys import SERVICE, BadAnswer
from control_plane.identity.mfa.verification import WrongCode
from control_plane.identity.users import service as users
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import Conflict, NotFound

_CREATE = "create for "
_PASSKEYS_MAX = 20
_SUBJECT = "How you sign in was changed"
_OPERATOR = ClientInfo("", "headrace command line")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret to take into an app: as text, and as the address a picture holds."""

    secret: str
    address: str


async def propose_totp(context: IdentityContext, user_id: str) -> Proposal:
    """It counts once its first code is shown. Raises Conflict while another is in use."""
    secret = totp.create()
    sealed = verification.seal(context, user_id, secret)
    if not await store.propose_totp(context.pool, user_id, sealed):
        raise Conflict("Codes of an app are asked for already: switch them off first.")
    return await _proposal(context, user_id, secret)


async def load_proposal(context: IdentityContext, user_id: str) -> Proposal | None:
    """The one that waits for its first code."""
    found = await store.find_totp(context.pool, user_id)
    if found is None or found.confirmed:
        return None
    return await _proposal(
        context, user_id, verification.unseal(context, user_id, found.secret_sealed)
    )


async def confirm_totp(
    context: IdentityContext, user_id: str, code: str, origin: ClientInfo
) -> list[str]:
    """The recovery codes, where there were none. Raises WrongCode or TooManyTries."""
    await context.throttle.check_name(verification.THROTTLE, user_id)
    if not await verification.use_totp(context, user_id, code, confirmed=False):
        await context.throttle.fail_name(verification.THROTTLE, user_id)
        raise WrongCode
    await context.throttle.clear_name(verification.THROTTLE, user_id)
    what = "From now on signing in asks for a code of your app."
    async with transaction(context.pool) as connection:
        await _tell(connection, context, user_id, (activity.FACTOR_ADDED, what), origin)
        return await _first_recovery_codes(connection, context, user_id)


async def remove_totp(context: IdentityContext, user_id: str, origin: ClientInfo) -> None:
    """Raises NotFound where there is none."""
    if not (await store.load(context.pool, user_id)).totp:
        raise NotFound("No codes of an app are asked for.")
    what = "Signing in does not ask for a code of your app any more."
    async with transaction(context.pool) as connection:
        await store.remove_totp(connection, user_id)
        await _tell(connection, context, user_id, (activity.FACTOR_REMOVED, what), origin)
        await _drop_recovery_codes(connection, user_id)


async def renew_recovery_codes(
    context: IdentityContext, user_id: str, origin: ClientInfo
) -> list[str]:
    """Ten new ones; those before open nothing any more. Raises NotFound without any factor."""
    if not (await store.load(context.pool, user_id)).any:
        raise NotFound("Recovery codes come with a second factor: add one first.")
    what = "New recovery codes were made; the old ones are void."
    async with transaction(context.pool) as connection:
        await _tell(connection, context, user_id, (activity.RECOVERY_CODES_MADE, what), origin)
        return await _new_recovery_codes(connection, context, user_id)


async def creation_options(context: IdentityContext, user_id: str, browser: str) -> str:
    """What a browser needs to make a passkey for this user, as JSON."""
    now_s = clock.now().timestamp()
    challenge = challenges.create(context.secret, _CREATE + user_id, browser, now_s)
    profile = await users.load_profile(context.pool, user_id)
    known = await store.list_passkeys(context.pool, user_id)
    return passkeys.creation_options(context.issuer, user_id, profile.email, challenge, known)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser sent: its answer, as JSON, and the name its user gave."""

    browser: str
    answer: str
    name: str


async def add_passkey(
    context: IdentityContext, user_id: str, new: NewPasskey, origin: ClientInfo
) -> list[str]:
    """The recovery codes, where there were none. Raises BadAnswer or Conflict."""
    challenge = passkeys.read_created(new.answer)
    await verification.spend(context, challenge, _CREATE + user_id, new.browser)
    made = passkeys.check_created(new.answer, challenge, context.issuer)
    if len(await store.list_passkeys(context.pool, user_id)) >= _PASSKEYS_MAX:
        raise Conflict(f"{_PASSKEYS_MAX} passkeys are enough: remove one first.")
    what = f"The passkey “{new.name}” was added. It signs in without your password."
    async with transaction(context.pool) as connection:
        if not await store.create_passkey(connection, user_id, new.name, made):
            raise BadAnswer
        await _tell(connection, context, user_id, (activity.FACTOR_ADDED, what), origin)
        return await _first_recovery_codes(connection, context, user_id)


def read_id(text: str) -> bytes:
    """A credential's id from its hex; of anything else, an id nobody has. Pure."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


async def remove_passkey(
    context: IdentityContext, user_id: str, credential_id: bytes, origin: ClientInfo
) -> None:
    """Raises NotFound for one that is not this user's."""
    async with transaction(context.pool) as connection:
        name = await store.remove_passkey(connection, user_id, credential_id)
        if name is None:
            raise NotFound("There is no such passkey.")
        what = f"The passkey “{name}” was removed."
        await _tell(connection, context, user_id, (activity.FACTOR_REMOVED, what), origin)
        await _drop_recovery_codes(connection, user_id)


async def remove_all(connection: Connection, user: User, issuer: str) -> None:
    """By the operator, for somebody who has lost everything. The caller's transaction."""
    await store.remove_all(connection, user.id)
    await activity.record(connection, user.id, activity.FACTOR_REMOVED, _OPERATOR)
    what = "The operator of this service has removed all your passkeys and codes, as you asked."
    await mails.create(connection, user.email, emails.told_of_security(_SUBJECT, what, issuer))


async def _proposal(context: IdentityContext, user_id: str, secret: str) -> Proposal:
    profile = await users.load_profile(context.pool, user_id)
    return Proposal(secret, totp.address(secret, profile.email, SERVICE))


async def _first_recovery_codes(
    connection: Connection, context: IdentityContext, user_id: str
) -> list[str]:
    if (await store.load(connection, user_id)).recovery_codes:
        return []
    return await _new_recovery_codes(connection, context, user_id)


async def _new_recovery_codes(
    connection: Connection, context: IdentityContext, user_id: str
) -> list[str]:
    made = recovery_codes.create()
    kept = [recovery_codes.digest(context.secret, user_id, code) for code in made]
    await store.replace_recovery_codes(connection, user_id, kept)
    return made


async def _drop_recovery_codes(connection: Connection, user_id: str) -> None:
    """With the last factor goes what would stand in for it."""
    if not (await store.load(connection, user_id)).any:
        await store.replace_recovery_codes(connection, user_id, [])


async def _tell(
    connection: Connection,
    context: IdentityContext,
    user_id: str,
    told: tuple[str, str],
    origin: ClientInfo,
) -> None:
    kind, what = told
    await activity.record(connection, user_id, kind, origin)
    profile = await users.load_profile(connection, user_id)
    letter = emails.told_of_security(_SUBJECT, what, context.issuer)
    await mails.create(connection, profile.email, letter)
