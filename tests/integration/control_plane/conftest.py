"""The control plane over real servers: seeded, published, with a hand for what Redis would do."""

import pytest

from control_plane import operations
from control_plane.connections import Connections
from control_plane.settings import Settings
from control_plane.users.records import User


@pytest.fixture
async def user(settings: Settings, connections: Connections) -> User:
    """Someone with exactly 100 credits, known to Redis."""
    someone = await operations.create_user(settings, "ada@example.com", "enterprise", 100)
    await connections.relay.deliver()
    return someone
