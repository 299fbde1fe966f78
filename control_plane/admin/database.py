"""The database schema and its first rows."""

from control_plane.admin import seeds
from control_plane.catalogue.pricing import Pricing
from control_plane.db import dbmate
from control_plane.kit.database import Pool


async def migrate(url: str) -> None:
    """Apply all pending migrations to the database at this URL. Raises `dbmate.MigrationFailed`."""
    await dbmate.migrate(url)


async def has_pending_migrations(pool: Pool) -> bool:
    """True while the database lacks a migration that this version ships."""
    return bool(await dbmate.pending(pool))


async def seed(pool: Pool, pricing: Pricing, *, demo: bool = False) -> None:
    """Insert the default client, tiers, plans and models, and with `demo` the demo users.

    Rows that exist are left unchanged. `pricing` makes the vendors' prices of new models ours.
    """
    await seeds.seed(pool, pricing)
    if demo:
        await seeds.seed_demo(pool)
