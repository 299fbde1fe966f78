"""API keys and ended sessions: accepted on every surface, refused within two seconds."""

import asyncio
import json
import time

import aiohttp
import pytest

from shared import keyspace
from shared.auth import api_keys
from shared.credits import MICRO
from tests.integration.inference_plane.requests import body, post
from tests.support.testbed import Testbed, token

SECRET = api_keys.create_secret()
HI = {"role": "user", "content": "hi"}
SURFACES = {
    "/v1/chat/completions": {"model": "gpt-5", "messages": [HI]},
    "/v1/completions": {"model": "gpt-5", "prompt": "hi"},
    "/v1/responses": {"model": "gpt-5", "input": "hi"},
    "/v1/messages": {"model": "gpt-5", "max_tokens": 9, "messages": [HI]},
    "/v1/messages/count_tokens": {"model": "gpt-5", "messages": [HI]},
    "/v1/embeddings": {"model": "vectors", "input": "hi"},
    "/v1/estimate": {"model": "gpt-5", "messages": [HI]},
    "/v1beta/models/gpt-5:generateContent": {"contents": [{"parts": [{"text": "hi"}]}]},
}
HEADERS = ("Authorization", "x-api-key", "x-goog-api-key")


async def _publish(testbed: Testbed, **changes: object) -> None:
    fields = {"id": "key-1", "user_id": "A", "scopes": ("llm.inference",)} | changes
    key = api_keys.encode(api_keys.ApiKey(**fields))  # type: ignore[arg-type]
    await testbed.redis.hset(keyspace.API_KEYS, api_keys.digest(SECRET), key)


async def _post(testbed: Testbed, path: str, header: str = "Authorization") -> tuple[int, str]:
    sent = {header: f"Bearer {SECRET}" if header == "Authorization" else SECRET}
    async with aiohttp.ClientSession() as session:
        async with session.post(testbed.url + path, json=SURFACES[path], headers=sent) as answer:
            return answer.status, await answer.text()


@pytest.mark.parametrize("path", SURFACES)
async def test_a_key_opens_every_surface(testbed: Testbed, path: str) -> None:
    await _publish(testbed)
    for header in HEADERS:
        assert (await _post(testbed, path, header))[0] == 200


async def test_usage_is_recorded_by_api_key(testbed: Testbed) -> None:
    await _publish(testbed)
    await _post(testbed, "/v1/chat/completions")
    await testbed.until_idle()
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert (event["client_id"], event["user_id"]) == ("key:key-1", "A")


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"scopes": ("models.read",)}, 403), ({"expires_at_s": 1_000_000_000}, 401)],
)
async def test_a_key_without_the_scope_or_past_its_end_opens_nothing(
    testbed: Testbed, changes: dict[str, object], status: int
) -> None:
    await _publish(testbed, **changes)
    assert (await _post(testbed, "/v1/chat/completions"))[0] == status


async def test_an_unknown_key_opens_nothing(testbed: Testbed) -> None:
    assert (await _post(testbed, "/v1/messages"))[0] == 401


async def test_a_revoked_key_is_refused_within_two_seconds(testbed: Testbed) -> None:
    await _publish(testbed)
    assert (await _post(testbed, "/v1/chat/completions"))[0] == 200
    await testbed.redis.hdel(keyspace.API_KEYS, api_keys.digest(SECRET))
    async with asyncio.timeout(2):
        while (await _post(testbed, "/v1/chat/completions"))[0] != 401:
            await asyncio.sleep(0.05)


async def test_a_keys_own_cap_refuses_though_the_account_has_credits(testbed: Testbed) -> None:
    await _publish(testbed, cap=3 * MICRO)
    answers = [await _post(testbed, "/v1/chat/completions") for _ in range(5)]
    assert [status for status, _ in answers] == [200, 200, 200, 403, 403]
    error = json.loads(answers[-1][1])["error"]
    assert error["code"] == "insufficient_credits"
    assert error["details"]["limit"] == "api_key"
    assert error["details"]["available_credits"] == 0


@pytest.mark.parametrize("mark", ["sid", "jti"])
async def test_a_token_of_an_ended_session_is_refused_within_two_seconds(
    testbed: Testbed, mark: str
) -> None:
    ended = {"Authorization": f"Bearer {token('A', **{mark: f'ended-{mark}'})}"}
    assert (await post(testbed, body(), **ended))[0] == 200
    await testbed.redis.zadd(keyspace.REVOKED, {f"ended-{mark}": time.time() * 1000})
    async with asyncio.timeout(2):
        while (await post(testbed, body(), **ended))[0] != 401:
            await asyncio.sleep(0.05)
    assert (await post(testbed, body()))[0] == 200
