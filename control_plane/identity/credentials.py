"""Checks and changes passwords."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.throttle import Pause
from control_plane.identity.users import passwords
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails, outbox
from shared.errors import Forbidden


class IncorrectPassword(Forbidden):
    """Incorrect password."""


async def check_password(context: IdentityContext, user_id: str, password: str) -> None:
    """Raises IncorrectPassword, or TooManyAttempts."""
    limit = Pause("password", user_id)
    await context.throttle.begin(limit)
    password_hash = await user_store.load_password_hash(context.pool, user_id)
    if not await passwords.check(password, password_hash):
        raise IncorrectPassword
    await context.throttle.succeed(limit)


async def replace_password(
    context: IdentityContext,
    user_id: str,
    new_password: str,
    client_info: ClientInfo,
    *,
    keep_session: str | None = None,
) -> None:
    """Set a new password once the current one was checked, and notify the user by e-mail.

    Ends all sessions and grants except the browser session with the id `keep_session`. Raises
    ValidationFailed.
    """
    profile = await users.load_profile(context.pool, user_id)
    password_hash = await passwords.create_hash(new_password)
    async with transaction(context.pool) as connection:
        await user_store.change_password(connection, user_id, password_hash)
        revoked = await end_all_sessions(connection, user_id, keep_session)
        await activity.record(connection, user_id, activity.PASSWORD_CHANGED, client_info)
        notice = emails.password_changed_notice(context.links)
        await outbox.enqueue(connection, profile.email, notice)
    await revocation.publish_revocation(context.pool, context.redis, revoked)
