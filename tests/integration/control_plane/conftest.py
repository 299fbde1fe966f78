"""The control plane over real servers: seeded, published, with a hand for what Redis would do."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from control_plane.app import build_app, build_apps
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.integration.control_plane.api_client import Api, Client
from tests.integration.control_plane.play import Spender
from tests.support import operations


@pytest.fixture
async def user(settings: Settings, container: Container) -> User:
    """Someone with exactly 100 credits, known to Redis."""
    someone = await operations.create_user(settings, "ada@example.com", "enterprise", 100)
    await container.relay.deliver()
    return someone


@pytest.fixture
async def api(settings: Settings, container: Container, user: User) -> AsyncIterator[Api]:
    token = await operations.issue_token(settings, user.email)
    async with TestClient(TestServer(build_app(settings, container))) as client:
        yield Api(client, token)


@pytest.fixture
async def internal(settings: Settings, container: Container) -> AsyncIterator[Client]:
    """A client of the port that the edge does not reach."""
    async with TestClient(TestServer(build_apps(settings, container)[1])) as client:
        yield client


@pytest.fixture
def spender(container: Container, user: User) -> Spender:
    return Spender(container.ledger, user.id)
