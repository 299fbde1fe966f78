"""Signs in with more than a password: a code, a recovery code, or a passkey.

Wrong codes cost a pause per account that doubles, as wrong passwords do. Each code and each
challenge is good once, however many requests bring it at the same time.
"""

from cryptography.exceptions import InvalidTag

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.mfa import challenges, passkeys, recovery_codes, store, totp
from control_plane.identity.mfa.passkeys import BadAnswer
from control_plane.identity.mfa.records import Proof
from control_plane.identity.users import service as users
from control_plane.kit import clock, crypto
from control_plane.kit.client_info import ClientInfo
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import Forbidden, InternalError

CODE_USED = ("otp", "mfa")
THROTTLE = "second factor"
_SIGN_IN = "sign in"
_TRIES_MAX = 20


class WrongCode(Forbidden):
    """This is not the code of this moment, nor a recovery code that is left."""


async def check_code(context: IdentityContext, user_id: str, code: str, origin: ClientInfo) -> None:
    """Of the app, or a recovery code. Raises WrongCode or TooManyTries."""
    await context.throttle.check_name(THROTTLE, user_id)
    # The pause begins with a failure; a flood that comes before the first one meets this.
    await context.throttle.count("second factor tries", user_id, _TRIES_MAX)
    if not (
        await use_totp(context, user_id, code, confirmed=True)
        or await _use_recovery_code(context, user_id, code, origin)
    ):
        await context.throttle.fail_name(THROTTLE, user_id)
        await activity.record(context.pool, user_id, activity.SIGN_IN_FAILED, origin)
        raise WrongCode
    await context.throttle.clear_name(THROTTLE, user_id)


async def use_totp(context: IdentityContext, user_id: str, code: str, *, confirmed: bool) -> bool:
    """Whether this is the app's code and nobody has used it. `confirmed` False: the first one."""
    found = await store.find_totp(context.pool, user_id)
    if found is None or found.confirmed != confirmed:
        return False
    secret = unseal(context, user_id, found.secret_sealed)
    typed = "".join(code.split())
    step = totp.find_step(secret, typed, clock.now().timestamp(), found.last_step)
    return step is not None and await store.use_totp(context.pool, user_id, step)


def request_challenge(context: IdentityContext, browser: str) -> bytes:
    """For signing in with a passkey from this browser."""
    return challenges.create(context.secret, _SIGN_IN, browser, clock.now().timestamp())


async def check_passkey(
    context: IdentityContext, browser: str, answer: str, origin: ClientInfo
) -> Proof:
    """Raises BadAnswer."""
    credential_id, challenge = passkeys.read_used(answer)
    await spend(context, challenge, _SIGN_IN, browser)
    passkey = await store.find_passkey(context.pool, credential_id)
    if passkey is None:
        raise BadAnswer
    try:
        used = passkeys.check_used(answer, challenge, context.issuer, passkey)
        if not await store.use_passkey(context.pool, credential_id, used.sign_count):
            raise BadAnswer
    except BadAnswer:
        await activity.record(context.pool, passkey.user_id, activity.SIGN_IN_FAILED, origin)
        raise
    return Proof(passkey.user_id, (used.method, "user", "mfa"))


async def spend(context: IdentityContext, challenge: bytes, purpose: str, browser: str) -> None:
    """Raises BadAnswer for a challenge that is not ours, is over, or was answered before."""
    now_s = clock.now().timestamp()
    if not challenges.is_good(context.secret, challenge, purpose, browser, now_s):
        raise BadAnswer
    if not await store.spend(context.pool, challenge):
        raise BadAnswer


def seal(context: IdentityContext, user_id: str, secret: str) -> bytes:
    """How an app's secret is kept."""
    return crypto.seal(_key(context), secret.encode(), user_id.encode())


def unseal(context: IdentityContext, user_id: str, sealed: bytes) -> str:
    """Raises InternalError under another HEADRACE_SECRET_KEY."""
    try:
        return crypto.unseal(_key(context), sealed, user_id.encode()).decode()
    except InvalidTag as error:
        raise InternalError from error


def _key(context: IdentityContext) -> bytes:
    return crypto.derive_key(context.secret, "totp secrets")


async def _use_recovery_code(
    context: IdentityContext, user_id: str, code: str, origin: ClientInfo
) -> bool:
    """Its user is told: who has the paper has the account."""
    pool = context.pool
    kept = recovery_codes.digest(context.secret, user_id, code)
    if not await store.use_recovery_code(pool, user_id, kept):
        return False
    left = (await store.load(pool, user_id)).recovery_codes
    await activity.record(pool, user_id, activity.RECOVERY_CODE_USED, origin)
    profile = await users.find_profile(pool, user_id)
    if profile is not None:  # who is just coming back has no mail of it
        what = f"A recovery code was used to sign in; {left} are left."
        letter = emails.told_of_security("A recovery code was used", what, context.issuer)
        await mails.create(pool, profile.email, letter)
    return True
