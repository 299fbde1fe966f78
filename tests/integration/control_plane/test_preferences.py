"""What a user chooses reaches the inference plane, also after a loss; the rest is left open."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from control_plane.app import build_app
from control_plane.container import Container, open_container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared import keyspace
from shared.preferences import Preferences, decode
from tests.support import operations
from tests.support.caller import Caller

PATH = "/v1/users/me/preferences"


@pytest.fixture
async def api(settings: Settings, container: Container, user: User) -> AsyncIterator[Caller]:
    token = await operations.issue_token(settings, user.email)
    async with TestClient(TestServer(build_app(settings, container))) as client:
        yield Caller(client, token)


async def _reported(container: Container, user: User) -> Preferences | None:
    found = await container.redis.hget(keyspace.PREFERENCES, user.id)
    return decode(found) if found else None


async def test_only_chosen_preferences_are_published(
    api: Caller, container: Container, user: User
) -> None:
    await api.ask("PATCH", PATH, {"preferences_metadata": {"theme": "dark"}})
    assert await _reported(container, user) is None
    await api.ask("PATCH", PATH, {"temperature": 0.25, "enable_streaming": False})
    assert await _reported(container, user) == Preferences(stream=False, temperature=0.25)
    await api.ask("POST", f"{PATH}/model", {"model_id": "gpt-5"})
    await api.ask("PATCH", PATH, {"temperature": None, "enable_streaming": None})
    assert await _reported(container, user) == Preferences(model="gpt-5")
    await api.ask("PATCH", PATH, {"default_model_id": None})
    assert await _reported(container, user) is None


@pytest.mark.parametrize("model_id", ["", "nobody", " "])
async def test_a_default_model_must_exist(api: Caller, model_id: str) -> None:
    status, body = await api.ask("PATCH", PATH, {"default_model_id": model_id})
    assert status == 422
    assert [each["field"] for each in body["error"]["details"]["fields"]] == ["default_model_id"]


async def test_a_lost_redis_gets_the_preferences_again(
    api: Caller, container: Container, user: User
) -> None:
    await api.ask("PATCH", PATH, {"max_tokens": 99})
    await container.publisher.publish()
    await container.redis.flushdb()
    await container.publisher.publish()
    assert await _reported(container, user) == Preferences(max_tokens=99)


async def test_who_has_left_is_forgotten_by_the_next_that_compares(
    api: Caller, settings: Settings, container: Container, user: User
) -> None:
    await api.ask("PATCH", PATH, {"max_tokens": 99})
    await api.ask("DELETE", "/v1/users/me")
    async with open_container(settings) as another:
        await another.publisher.publish()
    assert await _reported(container, user) is None
