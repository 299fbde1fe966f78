"""A user's own keys over the API: told once, stored hashed, gone when revoked."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared import keyspace
from shared.auth import api_keys
from shared.credits import MICRO
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox
from tests.support import operations
from tests.support.caller import Caller
from tests.support.redis_reads import read_hash

PATH = "/v1/api-keys"


@pytest.fixture
async def api(settings: Settings, container: Container, user: User) -> AsyncIterator[Caller]:
    token = await operations.issue_token(settings, user.email)
    async with TestClient(TestServer(build_app(settings, container))) as client:
        yield Caller(client, token)


async def test_the_secret_is_shown_once_and_not_stored(api: Caller, container: Container) -> None:
    status, made = await api.ask("POST", PATH, {"name": "my script", "credit_cap": 50})
    assert (status, made["secret"][:8]) == (201, "hr_live_")
    _, listed = await api.ask("GET", PATH)
    assert [key["id"] for key in listed["data"]] == [made["id"]]
    assert "secret" not in listed["data"][0]
    assert listed["data"][0]["credit_cap"] == 50
    row = await container.pool.fetchrow("SELECT * FROM api_keys")
    assert made["secret"] not in str(dict(row or {}))
    found = await read_hash(container.redis, keyspace.API_KEYS)
    assert list(found) == [api_keys.digest(made["secret"]).encode()]
    assert made["secret"].encode() not in b"".join(found.values())


async def test_all_invalid_fields_are_reported_at_once(api: Caller) -> None:
    bad = {
        "name": "  ",
        "scopes": ["admin"],
        "credit_cap": 0,
        "expires_at": "2001-01-01T00:00:00Z",
        "novel": 1,
    }
    status, body = await api.ask("POST", PATH, bad)
    assert (status, body["error"]["code"]) == (422, "validation_error")
    named = {field["field"] for field in body["error"]["details"]["fields"]}
    assert named == set(bad)


async def test_a_key_reads_what_its_scopes_say_and_makes_no_keys(api: Caller) -> None:
    _, made = await api.ask("POST", PATH, {"name": "reader", "scopes": ["models.read"]})
    assert (await api.ask("GET", "/v1/models", token=made["secret"]))[0] == 200
    assert (await api.ask("GET", "/v1/credits/me", token=made["secret"]))[0] == 403
    assert (await api.ask("POST", PATH, {"name": "x"}, token=made["secret"]))[0] == 403


async def test_a_revoked_key_opens_nothing_and_is_gone_from_redis(
    api: Caller, container: Container
) -> None:
    _, made = await api.ask("POST", PATH, {"name": "short-lived"})
    assert (await api.ask("DELETE", f"{PATH}/{made['id']}"))[0] == 204
    assert await container.redis.hlen(keyspace.API_KEYS) == 0
    assert (await api.ask("GET", "/v1/models", token=made["secret"]))[0] == 401
    assert (await api.ask("DELETE", f"{PATH}/{made['id']}"))[0] == 404
    assert (await api.ask("GET", PATH))[1]["data"] == []


async def test_nobody_revokes_anothers_key(
    api: Caller, settings: Settings, container: Container
) -> None:
    _, made = await api.ask("POST", PATH, {"name": "mine"})
    await operations.create_user(settings, "eve@example.com")
    eve = await operations.issue_token(settings, "eve@example.com")
    assert (await api.ask("DELETE", f"{PATH}/{made['id']}", token=eve))[0] == 404
    assert (await api.ask("GET", "/v1/models", token=made["secret"]))[0] == 200


async def test_what_redis_lost_comes_back_and_what_it_should_not_have_goes(
    api: Caller, container: Container
) -> None:
    _, made = await api.ask("POST", PATH, {"name": "kept"})
    await container.redis.delete(keyspace.API_KEYS)
    await container.publisher.publish()
    assert (await api.ask("GET", "/v1/models", token=made["secret"]))[0] == 200
    await container.redis.hset(keyspace.API_KEYS, "stray", b"{}")
    await container.publisher.publish()
    assert await container.redis.hlen(keyspace.API_KEYS) == 1


async def test_usage_of_a_key_is_summed_when_posted(
    api: Caller, container: Container, user: User
) -> None:
    _, made = await api.ask("POST", PATH, {"name": "spender", "credit_cap": 50})
    spender = Spender(container.ledger, user.id)
    for credits in (3, 4):
        await spender.spend(credits * MICRO, client_id=f"key:{made['id']}")
    await book_outbox(container, user.id)
    _, listed = await api.ask("GET", PATH)
    [key] = listed["data"]
    assert key["credits_used"] == 7
    assert key["last_used_at"] is not None
