"""Turns second factors on and off. Each change is an event and a mail to the user."""

from dataclasses import dataclass

from control_plane.kit import clock
from control_plane.kit.database import Connection, transaction
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.grants import events
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Origin
from control_plane.second_factors import challenges, passkeys, proving, recovery_codes, store, totp
from control_plane.second_factors.passkeys import SERVICE, BadAnswer
from control_plane.second_factors.proving import WrongCode
from control_plane.users import service as users
from control_plane.users.records import User
from shared.errors import Conflict, NotFound

_CREATE = "create for "
_PASSKEYS_MAX = 20
_SUBJECT = "How you sign in was changed"
_OPERATOR = Origin("", "headrace command line")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret to take into an app: as text, and as the address a picture holds."""

    secret: str
    address: str


async def propose_totp(provider: Provider, user_id: str) -> Proposal:
    """It counts once its first code is shown. Raises Conflict while another is in use."""
    secret = totp.create()
    sealed = proving.seal(provider, user_id, secret)
    if not await store.propose_totp(provider.pool, user_id, sealed):
        raise Conflict("Codes of an app are asked for already: switch them off first.")
    return await _proposal(provider, user_id, secret)


async def load_proposal(provider: Provider, user_id: str) -> Proposal | None:
    """The one that waits for its first code."""
    found = await store.find_totp(provider.pool, user_id)
    if found is None or found.confirmed:
        return None
    return await _proposal(
        provider, user_id, proving.unseal(provider, user_id, found.secret_sealed)
    )


async def confirm_totp(provider: Provider, user_id: str, code: str, origin: Origin) -> list[str]:
    """The recovery codes, where there were none. Raises WrongCode or TooManyTries."""
    await provider.throttle.check_name(proving.THROTTLE, user_id)
    if not await proving.use_totp(provider, user_id, code, confirmed=False):
        await provider.throttle.fail_name(proving.THROTTLE, user_id)
        raise WrongCode
    await provider.throttle.clear_name(proving.THROTTLE, user_id)
    what = "From now on signing in asks for a code of your app."
    async with transaction(provider.pool) as connection:
        await _tell(connection, provider, user_id, (events.FACTOR_ADDED, what), origin)
        return await _first_recovery_codes(connection, provider, user_id)


async def remove_totp(provider: Provider, user_id: str, origin: Origin) -> None:
    """Raises NotFound where there is none."""
    if not (await store.load(provider.pool, user_id)).totp:
        raise NotFound("No codes of an app are asked for.")
    what = "Signing in does not ask for a code of your app any more."
    async with transaction(provider.pool) as connection:
        await store.remove_totp(connection, user_id)
        await _tell(connection, provider, user_id, (events.FACTOR_REMOVED, what), origin)
        await _drop_recovery_codes(connection, user_id)


async def renew_recovery_codes(provider: Provider, user_id: str, origin: Origin) -> list[str]:
    """Ten new ones; those before open nothing any more. Raises NotFound without any factor."""
    if not (await store.load(provider.pool, user_id)).any:
        raise NotFound("Recovery codes come with a second factor: add one first.")
    what = "New recovery codes were made; the old ones are void."
    async with transaction(provider.pool) as connection:
        await _tell(connection, provider, user_id, (events.RECOVERY_CODES_MADE, what), origin)
        return await _new_recovery_codes(connection, provider, user_id)


async def creation_options(provider: Provider, user_id: str, browser: str) -> str:
    """What a browser needs to make a passkey for this user, as JSON."""
    now_s = clock.now().timestamp()
    challenge = challenges.create(provider.secret, _CREATE + user_id, browser, now_s)
    profile = await users.load_profile(provider.pool, user_id)
    known = await store.list_passkeys(provider.pool, user_id)
    return passkeys.creation_options(provider.issuer, user_id, profile.email, challenge, known)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser sent: its answer, as JSON, and the name its user gave."""

    browser: str
    answer: str
    name: str


async def add_passkey(
    provider: Provider, user_id: str, new: NewPasskey, origin: Origin
) -> list[str]:
    """The recovery codes, where there were none. Raises BadAnswer or Conflict."""
    challenge = passkeys.read_created(new.answer)
    await proving.spend(provider, challenge, _CREATE + user_id, new.browser)
    made = passkeys.check_created(new.answer, challenge, provider.issuer)
    if len(await store.list_passkeys(provider.pool, user_id)) >= _PASSKEYS_MAX:
        raise Conflict(f"{_PASSKEYS_MAX} passkeys are enough: remove one first.")
    what = f"The passkey “{new.name}” was added. It signs in without your password."
    async with transaction(provider.pool) as connection:
        if not await store.create_passkey(connection, user_id, new.name, made):
            raise BadAnswer
        await _tell(connection, provider, user_id, (events.FACTOR_ADDED, what), origin)
        return await _first_recovery_codes(connection, provider, user_id)


def read_id(text: str) -> bytes:
    """A credential's id from its hex; of anything else, an id nobody has. Pure."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


async def remove_passkey(
    provider: Provider, user_id: str, credential_id: bytes, origin: Origin
) -> None:
    """Raises NotFound for one that is not this user's."""
    async with transaction(provider.pool) as connection:
        name = await store.remove_passkey(connection, user_id, credential_id)
        if name is None:
            raise NotFound("There is no such passkey.")
        what = f"The passkey “{name}” was removed."
        await _tell(connection, provider, user_id, (events.FACTOR_REMOVED, what), origin)
        await _drop_recovery_codes(connection, user_id)


async def remove_all(connection: Connection, user: User, issuer: str) -> None:
    """By the operator, for somebody who has lost everything. The caller's transaction."""
    await store.remove_all(connection, user.id)
    await events.record(connection, user.id, events.FACTOR_REMOVED, _OPERATOR)
    what = "The operator of this service has removed all your passkeys and codes, as you asked."
    await mails.create(connection, user.email, letters.told_of_security(_SUBJECT, what, issuer))


async def _proposal(provider: Provider, user_id: str, secret: str) -> Proposal:
    profile = await users.load_profile(provider.pool, user_id)
    return Proposal(secret, totp.address(secret, profile.email, SERVICE))


async def _first_recovery_codes(
    connection: Connection, provider: Provider, user_id: str
) -> list[str]:
    if (await store.load(connection, user_id)).recovery_codes:
        return []
    return await _new_recovery_codes(connection, provider, user_id)


async def _new_recovery_codes(
    connection: Connection, provider: Provider, user_id: str
) -> list[str]:
    made = recovery_codes.create()
    kept = [recovery_codes.digest(provider.secret, user_id, code) for code in made]
    await store.replace_recovery_codes(connection, user_id, kept)
    return made


async def _drop_recovery_codes(connection: Connection, user_id: str) -> None:
    """With the last factor goes what would stand in for it."""
    if not (await store.load(connection, user_id)).any:
        await store.replace_recovery_codes(connection, user_id, [])


async def _tell(
    connection: Connection, provider: Provider, user_id: str, told: tuple[str, str], origin: Origin
) -> None:
    kind, what = told
    await events.record(connection, user_id, kind, origin)
    profile = await users.load_profile(connection, user_id)
    letter = letters.told_of_security(_SUBJECT, what, provider.issuer)
    await mails.create(connection, profile.email, letter)
