"""The control plane over real servers: seeded, published, with a hand for what Redis would do."""

from collections.abc import AsyncIterator

import pytest

from control_plane import operations
from control_plane.connections import Connections, opened
from control_plane.settings import Settings
from control_plane.users.records import User
from tests.support.databases import settings_for


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(database_url, redis_url)


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[Connections]:
    """A seeded deployment whose directory is published and whose shards are open."""
    await operations.seed(settings)
    async with opened(settings) as each:
        await each.publisher.publish()
        yield each


@pytest.fixture
async def user(settings: Settings, connections: Connections) -> User:
    """Someone with exactly 100 credits, known to Redis."""
    someone = await operations.create_user(settings, "ada@example.com", "enterprise", 100)
    await connections.relay.deliver()
    return someone
