"""Verifies second factors: TOTP codes, recovery codes and passkeys.

Wrong codes pause the account like wrong passwords do. Each code and each challenge works once, no
matter how many requests present it concurrently. Source: RFC 6238, section 5.2; Web Authentication
Level 3, "Cryptographic Challenges".
"""

from cryptography.exceptions import InvalidTag

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.mfa import challenges, passkeys, recovery_codes, store, totp
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.throttle import Count, Pause
from control_plane.identity.users import service as users
from control_plane.kit import clock, crypto
from control_plane.kit.client_info import ClientInfo
from control_plane.notifications import emails, outbox
from shared.errors import Forbidden, InternalError

CODE_METHODS = ("otp", "mfa")
THROTTLE = "second factor"
_SIGN_IN = "sign in"
_ATTEMPTS_MAX = 20


class InvalidCode(Forbidden):
    """Incorrect code."""


async def check_code(
    context: IdentityContext,
    user_id: str,
    code: str,
    client_info: ClientInfo,
    attempt_name: str = "",
) -> None:
    """Accept a TOTP code or a recovery code. Raises InvalidCode or TooManyAttempts.

    `attempt_name`: what failed attempts are counted by, instead of the user.
    """
    name = attempt_name or user_id
    limits = Count("second factor tries", name, _ATTEMPTS_MAX), Pause(THROTTLE, name)
    await context.throttle.begin(*limits)
    if not (
        await use_totp(context, user_id, code, confirmed=True)
        or await _use_recovery_code(context, user_id, code, client_info)
    ):
        await activity.record(context.pool, user_id, activity.SIGN_IN_FAILED, client_info)
        raise InvalidCode
    await context.throttle.succeed(*limits)


async def use_totp(context: IdentityContext, user_id: str, code: str, *, confirmed: bool) -> bool:
    """Whether the TOTP code is correct and unused. `confirmed` False: for a new secret."""
    secret = await store.find_totp(context.pool, user_id)
    if secret is None or secret.confirmed != confirmed:
        return False
    plain = unseal(context, user_id, secret.secret_sealed)
    digits = "".join(code.split())
    step = totp.match_step(plain, digits, clock.now().timestamp(), secret.last_step)
    return step is not None and await store.use_totp(context.pool, user_id, step)


def create_sign_in_challenge(context: IdentityContext, browser: str) -> bytes:
    """A challenge for signing in with a passkey from this browser."""
    return challenges.create(context.secret, _SIGN_IN, browser, clock.now().timestamp())


async def check_passkey(
    context: IdentityContext, browser: str, credential_json: str, client_info: ClientInfo
) -> AuthenticatedUser:
    """Verify an assertion of `navigator.credentials.get`, as JSON. Raises PasskeyRejected."""
    credential_id, challenge = passkeys.read_assertion(credential_json)
    await use_challenge(context, challenge, _SIGN_IN, browser)
    passkey = await store.find_passkey(context.pool, credential_id)
    if passkey is None:
        raise PasskeyRejected
    try:
        assertion = passkeys.verify_assertion(credential_json, challenge, context.issuer, passkey)
        if not await store.use_passkey(context.pool, credential_id, assertion.sign_count):
            raise PasskeyRejected
    except PasskeyRejected:
        kind = activity.SIGN_IN_FAILED
        await activity.record(context.pool, passkey.user_id, kind, client_info)
        raise
    return AuthenticatedUser(passkey.user_id, (assertion.method, "user", "mfa"))


async def use_challenge(
    context: IdentityContext, challenge: bytes, purpose: str, browser: str
) -> None:
    """Raises PasskeyRejected for a challenge that is not ours, has expired, or was used."""
    now_s = clock.now().timestamp()
    if not challenges.is_valid(context.secret, challenge, purpose, browser, now_s):
        raise PasskeyRejected
    if not await store.use_challenge(context.pool, challenge):
        raise PasskeyRejected


def seal(context: IdentityContext, user_id: str, secret: str) -> bytes:
    """Encrypt a TOTP secret for storage."""
    return crypto.seal(_key(context), secret.encode(), user_id.encode())


def unseal(context: IdentityContext, user_id: str, sealed: bytes) -> str:
    """Raises InternalError when HEADRACE_SECRET_KEY has changed since."""
    try:
        return crypto.unseal(_key(context), sealed, user_id.encode()).decode()
    except InvalidTag as error:
        raise InternalError from error


def _key(context: IdentityContext) -> bytes:
    return crypto.derive_key(context.secret, "totp secrets")


async def _use_recovery_code(
    context: IdentityContext, user_id: str, code: str, client_info: ClientInfo
) -> bool:
    """Also notifies the user, since whoever holds the codes controls the account."""
    pool = context.pool
    digest = recovery_codes.digest(context.secret, user_id, code)
    if not await store.use_recovery_code(pool, user_id, digest):
        return False
    left = (await store.load(pool, user_id)).recovery_codes
    await activity.record(pool, user_id, activity.RECOVERY_CODE_USED, client_info)
    profile = await users.find_profile(pool, user_id)
    if profile is not None:  # a deleted user who is restoring the account gets no e-mail
        change = f"A recovery code was used to sign in. You have {left} recovery codes left."
        notice = emails.security_notice("A recovery code was used", change, context.links)
        await outbox.enqueue(pool, profile.email, notice)
    return True
