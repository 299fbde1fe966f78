"""Adds and removes second factors. Each change is recorded and sent to the user by e-mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from control_plane.identity.mfa.passkeys import SERVICE, PasskeyRejected
from control_plane.identity.mfa.verification import InvalidCode
from control_plane.identity.throttle import Pause
from control_plane.identity.users import service as users
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from control_plane.notifications import emails, outbox
from control_plane.notifications.emails import Email
from shared.errors import Conflict, NotFound
from shared.links import Links

_CREATE = "create for "
_PASSKEYS_MAX = 20
_SUBJECT = "Your sign-in settings were changed"
_OPERATOR = ClientInfo("", "headrace command line")


@dataclass(frozen=True, slots=True)
class TotpEnrollment:
    """A secret for an authenticator app: in base32, and as otpauth:// URI."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A registration response as JSON, the browser it came from, and the name to show."""

    browser: str
    credential_json: str
    name: str


async def begin_totp(context: IdentityContext, user_id: str) -> TotpEnrollment:
    """Create a secret that takes effect with its first code. Raises Conflict if one is in use."""
    secret = totp.create_secret()
    sealed = verification.seal(context, user_id, secret)
    if not await store.create_totp(context.pool, user_id, sealed):
        raise Conflict("An authenticator app is already set up. Remove it first.")
    return await _enrollment(context, user_id, secret)


async def find_pending_totp(context: IdentityContext, user_id: str) -> TotpEnrollment | None:
    """The secret that has not been confirmed yet."""
    found = await store.find_totp(context.pool, user_id)
    if found is None or found.confirmed:
        return None
    secret = verification.unseal(context, user_id, found.secret_sealed)
    return await _enrollment(context, user_id, secret)


async def confirm_totp(
    context: IdentityContext, user_id: str, code: str, client_info: ClientInfo
) -> list[str]:
    """Confirm the secret by its first code. Raises InvalidCode or TooManyAttempts.

    Returns new recovery codes, or none if the user has some.
    """
    limit = Pause(verification.THROTTLE, user_id)
    await context.throttle.begin(limit)
    if not await verification.use_totp(context, user_id, code, confirmed=False):
        raise InvalidCode
    await context.throttle.succeed(limit)
    change = "An authenticator app was added to your account."
    kind = activity.FACTOR_ADDED
    async with _recorded(context, user_id, client_info, kind, change) as connection:
        return await _first_recovery_codes(connection, context, user_id)


async def remove_totp(context: IdentityContext, user_id: str, client_info: ClientInfo) -> None:
    """Raises NotFound where there is none."""
    if not (await store.load(context.pool, user_id)).totp:
        raise NotFound("No authenticator app is set up.")
    change = "The authenticator app was removed from your account."
    kind = activity.FACTOR_REMOVED
    async with _recorded(context, user_id, client_info, kind, change) as connection:
        await store.remove_totp(connection, user_id)
        await _remove_unneeded_recovery_codes(connection, user_id)


async def regenerate_recovery_codes(
    context: IdentityContext, user_id: str, client_info: ClientInfo
) -> list[str]:
    """Ten new codes; the old ones stop working. Raises NotFound without a second factor."""
    if not (await store.load(context.pool, user_id)).any:
        raise NotFound("Add a passkey or an authenticator app first.")
    change = "New recovery codes were generated. Your old codes no longer work."
    kind = activity.RECOVERY_CODES_CREATED
    async with _recorded(context, user_id, client_info, kind, change) as connection:
        return await _create_recovery_codes(connection, context, user_id)


async def creation_options(context: IdentityContext, user_id: str, browser: str) -> str:
    """Options for `navigator.credentials.create`, as JSON. Raises NotFound."""
    now_s = clock.now().timestamp()
    challenge = challenges.create(context.secret, _CREATE + user_id, browser, now_s)
    profile = await users.load_profile(context.pool, user_id)
    known = await store.list_passkeys(context.pool, user_id)
    return passkeys.creation_options(context.issuer, user_id, profile.email, challenge, known)


async def add_passkey(
    context: IdentityContext, user_id: str, new: NewPasskey, client_info: ClientInfo
) -> list[str]:
    """Register a passkey. Raises PasskeyRejected or Conflict.

    Returns new recovery codes, or none if the user has some.
    """
    challenge = passkeys.read_registration(new.credential_json)
    await verification.use_challenge(context, challenge, _CREATE + user_id, new.browser)
    credential = passkeys.verify_registration(new.credential_json, challenge, context.issuer)
    if len(await store.list_passkeys(context.pool, user_id)) >= _PASSKEYS_MAX:
        raise Conflict(f"You can have up to {_PASSKEYS_MAX} passkeys. Remove one first.")
    change = f"The passkey “{new.name}” was added. It can sign in without your password."
    kind = activity.FACTOR_ADDED
    async with _recorded(context, user_id, client_info, kind, change) as connection:
        if not await store.create_passkey(connection, user_id, new.name, credential):
            raise PasskeyRejected
        return await _first_recovery_codes(connection, context, user_id)


def parse_credential_id(text: str) -> bytes:
    """A credential id from hex; empty for anything else. Pure."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


async def remove_passkey(
    context: IdentityContext, user_id: str, credential_id: bytes, client_info: ClientInfo
) -> None:
    """Raises NotFound for a passkey of another user."""
    async with transaction(context.pool) as connection:
        name = await store.remove_passkey(connection, user_id, credential_id)
        if name is None:
            raise NotFound("There is no such passkey.")
        change, kind = f"The passkey “{name}” was removed.", activity.FACTOR_REMOVED
        await _record(connection, user_id, client_info, kind, _notice(context, change))
        await _remove_unneeded_recovery_codes(connection, user_id)


async def remove_all(connection: Connection, user: User, issuer: str) -> None:
    """Remove all factors on an operator's behalf, in the caller's transaction."""
    await store.remove_all(connection, user.id)
    await activity.record(connection, user.id, activity.FACTOR_REMOVED, _OPERATOR)
    change = "An operator removed all passkeys and the authenticator app from your account."
    await outbox.enqueue(
        connection, user.email, emails.security_notice(_SUBJECT, change, Links(issuer))
    )


async def _enrollment(context: IdentityContext, user_id: str, secret: str) -> TotpEnrollment:
    profile = await users.load_profile(context.pool, user_id)
    return TotpEnrollment(secret, totp.provisioning_uri(secret, profile.email, SERVICE))


async def _first_recovery_codes(
    connection: Connection, context: IdentityContext, user_id: str
) -> list[str]:
    if (await store.load(connection, user_id)).recovery_codes:
        return []
    return await _create_recovery_codes(connection, context, user_id)


async def _create_recovery_codes(
    connection: Connection, context: IdentityContext, user_id: str
) -> list[str]:
    codes = recovery_codes.create()
    digests = [recovery_codes.digest(context.secret, user_id, code) for code in codes]
    await store.replace_recovery_codes(connection, user_id, digests)
    return codes


async def _remove_unneeded_recovery_codes(connection: Connection, user_id: str) -> None:
    """Recovery codes replace a second factor, so they go with the last one."""
    if not (await store.load(connection, user_id)).any:
        await store.replace_recovery_codes(connection, user_id, [])


@asynccontextmanager
async def _recorded(
    context: IdentityContext, user_id: str, client_info: ClientInfo, kind: str, change: str
) -> AsyncIterator[Connection]:
    """A transaction for a change that is recorded and sent to the user, if it is made."""
    async with transaction(context.pool) as connection:
        yield connection
        await _record(connection, user_id, client_info, kind, _notice(context, change))


async def _record(
    connection: Connection, user_id: str, client_info: ClientInfo, kind: str, notice: Email
) -> None:
    await activity.record(connection, user_id, kind, client_info)
    profile = await users.load_profile(connection, user_id)
    await outbox.enqueue(connection, profile.email, notice)


def _notice(context: IdentityContext, change: str) -> Email:
    return emails.security_notice(_SUBJECT, change, context.links)
