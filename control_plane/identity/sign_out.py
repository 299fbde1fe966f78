"""Ends browser sessions and grants: one, or all of a user."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.grants import store as grants
from control_plane.identity.mfa import store as mfa
from control_plane.identity.sessions import store as sessions
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from shared.errors import NotFound


async def end_all_sessions(
    connection: Connection, user_id: str, keep_session: str | None = None
) -> list[str]:
    """End all grants, pending sign-ins, and browser sessions except the one with this id.

    Returns the ids of the revoked grants, to publish after the caller's transaction commits.
    """
    await mfa.cancel_challenges(connection, user_id)
    await sessions.end_all(connection, user_id, keep_session)
    return await grants.revoke_of_user(connection, user_id)


async def sign_out_everywhere(
    context: IdentityContext, user_id: str, *, keep_session: str | None = None
) -> None:
    """Sign out all applications and browsers except the browser session with this id."""
    async with transaction(context.pool) as connection:
        revoked = await end_all_sessions(connection, user_id, keep_session)
    await revocation.publish_revocation(context.pool, context.redis, revoked)


async def sign_out_application(
    context: IdentityContext, user_id: str, grant_id: str, client_info: ClientInfo
) -> None:
    """Revoke one grant. Raises NotFound for a grant of another user, or one that has ended."""
    grant = await grants.find_live(context.pool, grant_id)
    if grant is None or grant.user_id != user_id:
        raise NotFound("There is no such session.")
    await revocation.revoke(context.pool, context.redis, grant.id)
    await activity.record(context.pool, user_id, activity.SIGNED_OUT, client_info, grant.client_id)
