"""Signs in with more than a password: a code, a recovery code, or a passkey.

Wrong codes cost a pause per account that doubles, as wrong passwords do. Each code and each
challenge is good once, however many requests bring it at the same time.
"""

from cryptography.exceptions import InvalidTag

from control_plane.kit import clock, crypto
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.grants import events
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Origin
from control_plane.second_factors import challenges, passkeys, recovery_codes, store, totp
from control_plane.second_factors.passkeys import BadAnswer
from control_plane.second_factors.records import Proof
from control_plane.users import service as users
from shared.errors import Forbidden, InternalError

CODE_USED = ("otp", "mfa")
THROTTLE = "second factor"
_SIGN_IN = "sign in"
_TRIES_MAX = 20


class WrongCode(Forbidden):
    """This is not the code of this moment, nor a recovery code that is left."""


async def check_code(provider: Provider, user_id: str, code: str, origin: Origin) -> None:
    """Of the app, or a recovery code. Raises WrongCode or TooManyTries."""
    await provider.throttle.check_name(THROTTLE, user_id)
    # The pause begins with a failure; a flood that comes before the first one meets this.
    await provider.throttle.count("second factor tries", user_id, _TRIES_MAX)
    if not (
        await use_totp(provider, user_id, code, confirmed=True)
        or await _use_recovery_code(provider, user_id, code, origin)
    ):
        await provider.throttle.fail_name(THROTTLE, user_id)
        await events.record(provider.pool, user_id, events.SIGN_IN_FAILED, origin)
        raise WrongCode
    await provider.throttle.clear_name(THROTTLE, user_id)


async def use_totp(provider: Provider, user_id: str, code: str, *, confirmed: bool) -> bool:
    """Whether this is the app's code and nobody has used it. `confirmed` False: the first one."""
    found = await store.find_totp(provider.pool, user_id)
    if found is None or found.confirmed != confirmed:
        return False
    secret = unseal(provider, user_id, found.secret_sealed)
    typed = "".join(code.split())
    step = totp.find_step(secret, typed, clock.now().timestamp(), found.last_step)
    return step is not None and await store.use_totp(provider.pool, user_id, step)


def request_challenge(provider: Provider, browser: str) -> bytes:
    """For signing in with a passkey from this browser."""
    return challenges.create(provider.secret, _SIGN_IN, browser, clock.now().timestamp())


async def check_passkey(provider: Provider, browser: str, answer: str, origin: Origin) -> Proof:
    """Raises BadAnswer."""
    credential_id, challenge = passkeys.read_used(answer)
    await spend(provider, challenge, _SIGN_IN, browser)
    passkey = await store.find_passkey(provider.pool, credential_id)
    if passkey is None:
        raise BadAnswer
    try:
        used = passkeys.check_used(answer, challenge, provider.issuer, passkey)
        if not await store.use_passkey(provider.pool, credential_id, used.sign_count):
            raise BadAnswer
    except BadAnswer:
        await events.record(provider.pool, passkey.user_id, events.SIGN_IN_FAILED, origin)
        raise
    return Proof(passkey.user_id, (used.method, "user", "mfa"))


async def spend(provider: Provider, challenge: bytes, purpose: str, browser: str) -> None:
    """Raises BadAnswer for a challenge that is not ours, is over, or was answered before."""
    now_s = clock.now().timestamp()
    if not challenges.is_good(provider.secret, challenge, purpose, browser, now_s):
        raise BadAnswer
    if not await store.spend(provider.pool, challenge):
        raise BadAnswer


def seal(provider: Provider, user_id: str, secret: str) -> bytes:
    """How an app's secret is kept."""
    return crypto.seal(_key(provider), secret.encode(), user_id.encode())


def unseal(provider: Provider, user_id: str, sealed: bytes) -> str:
    """Raises InternalError under another HEADRACE_SECRET_KEY."""
    try:
        return crypto.unseal(_key(provider), sealed, user_id.encode()).decode()
    except InvalidTag as error:
        raise InternalError from error


def _key(provider: Provider) -> bytes:
    return crypto.derive_key(provider.secret, "totp secrets")


async def _use_recovery_code(provider: Provider, user_id: str, code: str, origin: Origin) -> bool:
    """Its user is told: who has the paper has the account."""
    pool = provider.pool
    kept = recovery_codes.digest(provider.secret, user_id, code)
    if not await store.use_recovery_code(pool, user_id, kept):
        return False
    left = (await store.load(pool, user_id)).recovery_codes
    await events.record(pool, user_id, events.RECOVERY_CODE_USED, origin)
    profile = await users.find_profile(pool, user_id)
    if profile is not None:  # who is just coming back has no mail of it
        what = f"A recovery code was used to sign in; {left} are left."
        letter = letters.told_of_security("A recovery code was used", what, provider.issuer)
        await mails.create(pool, profile.email, letter)
    return True
