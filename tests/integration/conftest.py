"""A control plane over real servers: seeded, its directory published, its shards open."""

from collections.abc import AsyncIterator

import pytest

from control_plane import operations
from control_plane.connections import Connections, opened
from control_plane.settings import Settings
from tests.support.databases import settings_for


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(database_url, redis_url)


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[Connections]:
    await operations.seed(settings)
    async with opened(settings) as each:
        await each.publisher.publish()
        yield each
