"""`headrace migrate`: applies pending database migrations."""

import asyncio

from control_plane.admin import database
from control_plane.catalogue.pricing import Pricing
from control_plane.container import open_pool
from control_plane.db.dbmate import MigrationFailed
from control_plane.settings import Settings
from deploy.commands.failure import Failure
from deploy.commands.target import load_settings


def migrate() -> None:
    """Apply pending migrations and insert the initial rows of every deployment."""
    print(asyncio.run(_migrate(load_settings())))


async def _migrate(settings: Settings) -> str:
    async with open_pool(settings) as pool:
        pending = await database.has_pending_migrations(pool)
        try:
            await database.migrate(settings.database_url.get_secret_value())
        except MigrationFailed as failed:
            raise Failure(str(failed)) from failed
        await database.seed(pool, Pricing.of(settings))
    return "migrated" if pending else "already up to date"
