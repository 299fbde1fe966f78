"""Ends what is signed in: one device, everything, or the account itself."""

from control_plane.activity import store as activity
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.records import Grant
from control_plane.identity.mfa import store as second_factors
from control_plane.identity.sessions import store as sessions
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from control_plane.notifications import emails
from control_plane.notifications import outbox as mails
from shared.errors import NotFound


async def end_everything(connection: Connection, user_id: str, but: str = "") -> list[str]:
    """Every grant, and every browser but the one with this session; the grants to announce.
    Whoever has shown the password only has to show it again.
    """
    await second_factors.end_steps(connection, user_id)
    await sessions.end_all(connection, user_id, but)
    return await grants.revoke_of_user(connection, user_id)


async def end_all(context: IdentityContext, user_id: str, *, keep: str = "") -> None:
    """Signed out everywhere, but in the browser with the session to `keep`."""
    async with transaction(context.pool) as connection:
        ended = await end_everything(connection, user_id, keep)
    await revocation.publish_revocation(context.redis, ended)


async def end_one(
    context: IdentityContext, user_id: str, grant_id: str, origin: ClientInfo
) -> None:
    """Raises NotFound for a grant that is not this user's, or has ended."""
    grant: Grant | None = await grants.find_live(context.pool, grant_id)
    if grant is None or grant.user_id != user_id:
        raise NotFound("There is no such session.")
    await revocation.revoke(context.pool, context.redis, grant.id)
    await activity.record(context.pool, user_id, activity.REVOKED, origin, grant.client_id)


async def delete_account(context: IdentityContext, user_id: str, origin: ClientInfo) -> None:
    """Gone for everybody, but for thirty days it comes back when its user signs in."""
    profile = await users.load_profile(context.pool, user_id)
    async with transaction(context.pool) as connection:
        await user_store.delete(connection, user_id)
        ended = await end_everything(connection, user_id)
        await activity.record(connection, user_id, activity.DELETED, origin)
        await mails.create(connection, profile.email, emails.told_of_leaving(context.issuer))
    await revocation.publish_revocation(context.redis, ended)
