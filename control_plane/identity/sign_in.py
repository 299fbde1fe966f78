"""Signs users in: by password, by passkey, by a second factor after a password.

    user = await sign_in.by_password(context, visitor, email, password)  # None: a factor follows
    session = await sign_in.start_session(context, visitor, session_id, user)

Attempts are limited before anything is verified. Wrong addresses and wrong passwords are refused
alike, in the same time. A browser that the user has signed in with before has a counter of its own,
and strangers of its network do not stop it.
"""

from dataclasses import dataclass

from control_plane.activity import store as activity
from control_plane.identity import browser_sessions, known_browser
from control_plane.identity.context import IdentityContext
from control_plane.identity.mfa import store as mfa
from control_plane.identity.mfa import verification
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.throttle import Count, Limit, Pause
from control_plane.identity.users import email as addresses
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.store import Credentials
from control_plane.kit.client_info import ClientInfo, network_of
from shared.errors import AccountSuspended, Unauthorized

PASSWORD = ("pwd",)
"""The method of RFC 8176 for a password."""

_ATTEMPTS_MAX = 100


class IncorrectPassword(Unauthorized):
    """Incorrect email or password."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries to sign in. `browser` is the browser's own secret, `known_users` the marks of those
    who have signed in with it.
    """

    browser: str
    known_users: str
    client_info: ClientInfo


@dataclass(frozen=True, slots=True)
class StartedSession:
    """The secret id of the browser's session, and the marks that the browser keeps from now on."""

    session_id: str
    known_users: str


async def by_password(
    context: IdentityContext, visitor: Visitor, email: str, password: str
) -> AuthenticatedUser | None:
    """The user; None if a second factor has to follow, for which a challenge has begun.

    Raises TooManyAttempts, IncorrectPassword or AccountSuspended.
    """
    pool = context.pool
    user = await users.find_credentials(pool, email)
    limits = _limits(context, visitor, email, user)
    await context.throttle.begin(*limits)
    if not await users.check_password(pool, user, password) or user is None:
        raise IncorrectPassword
    await context.throttle.succeed(*limits)
    if user.state != "active":
        raise AccountSuspended("This account is suspended. Contact support.")
    if await mfa.has_second_factor(pool, user.id):
        await mfa.start_challenge(pool, visitor.browser, user.id)
        return None
    return AuthenticatedUser(user.id, PASSWORD)


async def by_passkey(
    context: IdentityContext, visitor: Visitor, credential_json: str
) -> AuthenticatedUser:
    """A passkey counts as both factors. Raises TooManyAttempts or PasskeyRejected."""
    limit = Count("passkey", network_of(visitor.client_info.ip), _ATTEMPTS_MAX)
    await context.throttle.begin(limit)
    user = await verification.check_passkey(
        context, visitor.browser, credential_json, visitor.client_info
    )
    await context.throttle.succeed(limit)
    return user


async def check_second_factor(
    context: IdentityContext, visitor: Visitor, user_id: str, code: str, credential_json: str
) -> tuple[str, ...]:
    """The methods used (RFC 8176): a passkey's, or without one those of a code.

    Raises InvalidCode, PasskeyRejected or TooManyAttempts.
    """
    if not credential_json:
        name = _attempt_name(context, visitor, user_id, user_id)
        await verification.check_code(context, user_id, code, visitor.client_info, name)
        return verification.CODE_METHODS
    user = await verification.check_passkey(
        context, visitor.browser, credential_json, visitor.client_info
    )
    if user.user_id != user_id:
        raise PasskeyRejected
    return user.methods


async def record(context: IdentityContext, visitor: Visitor, user_id: str) -> None:
    """Notes that the user has signed in, which restores an account that is to be deleted."""
    await user_store.record_login(context.pool, user_id)
    await activity.record(context.pool, user_id, activity.SIGNED_IN, visitor.client_info)


async def start_session(
    context: IdentityContext, visitor: Visitor, session_id: str, user: AuthenticatedUser
) -> StartedSession:
    """Replaces the browser's session. `session_id`: the one so far, or empty."""
    new_id = await browser_sessions.replace(
        context, session_id, user.user_id, list(user.methods), visitor.client_info
    )
    marks = known_browser.remember(context, visitor.known_users, visitor.browser, user.user_id)
    return StartedSession(new_id, marks)


def _limits(
    context: IdentityContext, visitor: Visitor, email: str, user: Credentials | None
) -> tuple[Limit, ...]:
    """By the normal form of the address that accounts are looked up by."""
    name = addresses.find_normal_form(email) or ""
    own_name = _attempt_name(context, visitor, name, user.id if user else None)
    by_network = Count("login", network_of(visitor.client_info.ip), _ATTEMPTS_MAX)
    return (*(() if own_name != name else (by_network,)), Pause("login", own_name))


def _attempt_name(
    context: IdentityContext, visitor: Visitor, name: str, user_id: str | None
) -> str:
    """What failed attempts to sign in as this user are counted by: `name`, and by themselves those
    from a browser that the user has signed in with before.
    """
    known = user_id is not None and known_browser.is_known(
        context, visitor.known_users, visitor.browser, user_id
    )
    return f"{name} {visitor.browser}" if known else name
