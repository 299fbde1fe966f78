"""Users, as an operator manages them."""

from typing import Literal

from redis.asyncio import Redis

from control_plane.identity import provisioning, suspension
from control_plane.identity.mfa import enrollment
from control_plane.identity.users import service as users
from control_plane.identity.users.records import NewUser, User
from control_plane.kit.database import Pool, transaction


async def create_user(
    pool: Pool,
    email: str,
    tier: str = "free",
    credits: int | None = None,
    password: str | None = None,
) -> User:
    """Create a user with `credits` whole credits; None grants the plan's monthly credits.

    Raises Conflict (the address is taken) or ValidationFailed (address, tier, credits, password).
    """
    async with transaction(pool) as connection:
        return await provisioning.create_user(connection, NewUser(email, tier, password), credits)


async def remove_second_factors(pool: Pool, email: str, issuer: str) -> None:
    """Remove all of a user's passkeys, TOTP secrets and recovery codes, and notify them by mail.

    Raises NotFound.
    """
    async with transaction(pool) as connection:
        user = await users.load_by_email(connection, email)
        await enrollment.remove_all(connection, user, issuer)


async def change_state(
    pool: Pool, redis: Redis, email: str, state: Literal["active", "suspended"]
) -> None:
    """Suspend a user, or let a suspended user return. Raises NotFound."""
    user = await users.load_by_email(pool, email)
    await suspension.change_state(pool, redis, user, state)
