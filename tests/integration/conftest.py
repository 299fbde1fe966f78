"""A control plane over real servers: seeded, its directory published, its shards open."""

from collections.abc import AsyncIterator

import pytest

from control_plane.container import Container, open_container
from control_plane.settings import Settings
from tests.support import operations
from tests.support.databases import settings_for


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(database_url, redis_url)


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[Container]:
    await operations.seed(settings)
    async with open_container(settings) as each:
        await each.publisher.publish()
        yield each
