"""`headrace migrate`: the database's schema, brought up to date."""

import asyncio

from control_plane import operations
from control_plane.kit.migrations import MigrationFailed
from control_plane.settings import Settings
from deploy.commands.failure import Failure
from deploy.commands.target import load_settings


def migrate() -> None:
    """Apply the migrations the database lacks, and the rows every deployment starts with."""
    print(asyncio.run(_migrate(load_settings())))


async def _migrate(settings: Settings) -> str:
    pending = await operations.migration_pending(settings)
    try:
        await operations.migrate(settings)
    except MigrationFailed as failed:
        raise Failure(str(failed)) from failed
    await operations.seed(settings, demo=False)
    return "migrated" if pending else "nothing to migrate"
