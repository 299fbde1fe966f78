"""The control plane over real servers: seeded, published, with a hand for what Redis would do."""

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.support import operations


@pytest.fixture
async def user(settings: Settings, container: Container) -> User:
    """Someone with exactly 100 credits, known to Redis."""
    someone = await operations.create_user(settings, "ada@example.com", "enterprise", 100)
    await container.relay.deliver()
    return someone
