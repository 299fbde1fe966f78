"""Suspends users and lets them return. Both planes refuse a suspended user within two seconds.

The database signs out whoever is not active; this also stops their spending and publishes it.
"""

from typing import Literal

from redis.asyncio import Redis

from control_plane.api_keys import service as api_keys
from control_plane.identity.grants import revocation
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import store
from control_plane.identity.users.records import User
from control_plane.kit.database import Pool, transaction
from control_plane.ledger import accounts


async def change_state(
    pool: Pool, redis: Redis, user: User, state: Literal["active", "suspended"]
) -> None:
    """Set the state of a user and of the user's account. API keys work again with the user."""
    async with transaction(pool) as connection:
        revoked = await end_all_sessions(connection, user.id) if state == "suspended" else []
        await store.change_state(connection, user.id, state)
        await accounts.amend(connection, user.id, state, user.tier)
    await revocation.publish_revocation(pool, redis, revoked)
    if state == "suspended":
        keys = await api_keys.list_keys(pool, user.id)
        await api_keys.unpublish(redis, [key.digest for key in keys])
