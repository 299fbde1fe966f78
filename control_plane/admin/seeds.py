"""The first rows of a deployment, and demo users for trial deployments."""

from control_plane.catalogue import service as catalogue
from control_plane.catalogue.pricing import Pricing
from control_plane.identity.provisioning import create_user
from control_plane.identity.users import service as users
from control_plane.identity.users.records import NewUser
from control_plane.kit import queries
from control_plane.kit.database import Pool, locked, transaction

_ROWS = queries.text("control_plane.admin", "seeds.sql")
_DEMO_PASSWORD = "headrace-demo-password"  # noqa: S105 - public by intent
_DEMO_USERS = (
    NewUser("demo@example.com", "pro", _DEMO_PASSWORD),
    NewUser("free@example.com", "free", _DEMO_PASSWORD),
    NewUser("admin@example.com", "enterprise", _DEMO_PASSWORD, is_admin=True),
)


async def seed(pool: Pool, pricing: Pricing) -> None:
    """Insert client, tiers, plans, models and prices; existing rows are left unchanged."""
    async with transaction(pool) as connection:
        await connection.execute(_ROWS)
        await catalogue.add_listed_models(connection, pricing)


async def seed_demo(pool: Pool) -> None:
    """Create the demo users that do not exist yet."""
    async with locked(pool, "demo users"):
        for new in _DEMO_USERS:
            if await users.find_by_email(pool, new.email) is None:
                async with transaction(pool) as connection:
                    await create_user(connection, new)
