"""Ends what is signed in: one device, everything, or the account itself."""

from control_plane.kit.database import Connection, transaction
from control_plane.mail import letters
from control_plane.mail import store as mails
from control_plane.oidc.grants import events, revoking
from control_plane.oidc.grants import store as grants
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Grant, Origin
from control_plane.oidc.sessions import store as sessions
from control_plane.second_factors import store as second_factors
from control_plane.users import service as users
from control_plane.users import store as user_store
from shared.errors import NotFound


async def end_everything(connection: Connection, user_id: str, but: str = "") -> list[str]:
    """Every grant, and every browser but the one with this session; the grants to announce.
    Whoever has shown the password only has to show it again.
    """
    await second_factors.end_steps(connection, user_id)
    await sessions.end_all(connection, user_id, but)
    return await grants.revoke_of_user(connection, user_id)


async def end_all(provider: Provider, user_id: str, *, keep: str = "") -> None:
    """Signed out everywhere, but in the browser with the session to `keep`."""
    async with transaction(provider.pool) as connection:
        ended = await end_everything(connection, user_id, keep)
    await revoking.announce(provider.redis, ended)


async def end_one(provider: Provider, user_id: str, grant_id: str, origin: Origin) -> None:
    """Raises NotFound for a grant that is not this user's, or has ended."""
    grant: Grant | None = await grants.find_live(provider.pool, grant_id)
    if grant is None or grant.user_id != user_id:
        raise NotFound("There is no such session.")
    await revoking.revoke(provider.pool, provider.redis, grant.id)
    await events.record(provider.pool, user_id, events.REVOKED, origin, grant.client_id)


async def delete_account(provider: Provider, user_id: str, origin: Origin) -> None:
    """Gone for everybody, but for thirty days it comes back when its user signs in."""
    profile = await users.load_profile(provider.pool, user_id)
    async with transaction(provider.pool) as connection:
        await user_store.delete(connection, user_id)
        ended = await end_everything(connection, user_id)
        await events.record(connection, user_id, events.DELETED, origin)
        await mails.create(connection, profile.email, letters.told_of_leaving(provider.issuer))
    await revoking.announce(provider.redis, ended)
