"""Deletes an account. Signing in within 30 days restores it; `erasure` removes it afterwards."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.notifications import emails, outbox


async def delete_account(context: IdentityContext, user_id: str, client_info: ClientInfo) -> None:
    """Mark the user deleted, sign out everywhere, and notify the user. Raises NotFound."""
    profile = await users.load_profile(context.pool, user_id)
    async with transaction(context.pool) as connection:
        await user_store.delete(connection, user_id)
        revoked = await end_all_sessions(connection, user_id)
        await activity.record(connection, user_id, activity.ACCOUNT_DELETED, client_info)
        notice = emails.account_deleted_notice(context.links)
        await outbox.enqueue(connection, profile.email, notice)
    await revocation.publish_revocation(context.pool, context.redis, revoked)
