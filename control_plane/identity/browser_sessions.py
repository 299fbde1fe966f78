"""Starts and ends the session of one browser, and publishes the grants that end with it.

A grant without offline_access belongs to the session that gave it (OpenID Connect Core,
section 11). The database ends such grants when the session's row is deleted.
"""

from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.grants import store as grants
from control_plane.identity.sessions import service, store
from control_plane.kit.client_info import ClientInfo


async def replace(
    context: IdentityContext,
    session_id: str,
    user_id: str,
    methods: list[str],
    client_info: ClientInfo,
) -> str:
    """The user has signed in: returns the secret id of the browser's session from now on.

    `session_id`: the one so far, or empty. It goes on under a new id if it is the same user's.
    """
    pool = context.pool
    if session_id:
        rotated = await store.rotate(pool, session_id, user_id, methods, client_info)
        if rotated is not None:
            return rotated
        await end(context, session_id)
    return await store.create(pool, user_id, methods, client_info)


async def end(context: IdentityContext, session_id: str) -> None:
    """End the session with this secret id."""
    await _publish(context, await store.end(context.pool, session_id))


async def end_other(context: IdentityContext, user_id: str, public_id: str) -> None:
    """End a session from the user's list. Raises NotFound."""
    await _publish(context, await service.end_session(context.pool, user_id, public_id))


async def _publish(context: IdentityContext, ended: str | None) -> None:
    if ended is not None:
        revoked = await grants.list_ended_with(context.pool, ended)
        await revocation.publish_revocation(context.pool, context.redis, revoked)
