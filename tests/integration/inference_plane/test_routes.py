"""Before the first byte other keys and routes are tried; the number of attempts is bounded."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from deploy.embedded.ports import free_port
from inference_plane.runtime.circuits import Circuits
from shared.calls import ScriptCalls
from shared.catalogue import Route
from tests.integration.inference_plane.requests import body, journal, post, text_of
from tests.support.testbed import Testbed, model, publish, running_testbed

CLAUDE, GPT = Route("anthropic", "claude-sonnet-4-5"), Route("openai", "gpt-5", order=1)


@asynccontextmanager
async def upstream(answer: bytes | None) -> AsyncIterator[tuple[str, Callable[[], int]]]:
    """A server that always answers with this, or never; and its number of connections."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        await reader.readuntil(b"\r\n\r\n")
        connections += 1
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: connections
    finally:
        server.close()


def _http(status: str, answer: dict[str, Any], *headers: str) -> bytes:
    text = json.dumps(answer).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    head = "\r\n".join([*lines, f"Content-Length: {len(text)}", "Connection: close", "", ""])
    return head.encode() + text


@asynccontextmanager
async def two_routes(redis_url: str, first: str, **settings: Any) -> AsyncIterator[Testbed]:
    """A model that is served by Claude at `first`, or by GPT if that fails."""
    own = {"ANTHROPIC_BASE_URL": first} | settings
    async with running_testbed(redis_url, settings=own) as testbed:
        await publish(testbed.redis, model("both", routes=(CLAUDE, GPT)))
        await testbed.runtime.directory.refresh()
        yield testbed


REFUSALS = {
    "overloaded": _http("529 Overloaded", {"type": "error", "error": {"type": "x"}}),
    "broken": _http("500 Oops", {}),
    "key refused": _http("401 No", {"type": "error", "error": {"type": "x", "message": "key"}}),
    "no such model": _http("404 No", {"type": "error", "error": {"type": "not_found_error"}}),
    "cut": b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
    "empty": b"",
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
async def test_the_next_provider_answers_what_one_refuses(redis_url: str, refusal: bytes) -> None:
    async with upstream(refusal) as (url, _), two_routes(redis_url, url) as testbed:
        status, answer = await post(testbed, body({"text": "from the second"}, model="both"))
    assert (status, text_of(answer)) == (200, "from the second")


async def test_an_error_frame_before_any_content_is_not_content(
    redis_url: str,
) -> None:
    """Anthropic sends `overloaded_error` with status 200, before anything was relayed."""
    event = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    async with upstream(head + event) as (url, _), two_routes(redis_url, url) as testbed:
        status, answer = await post(testbed, body({"text": "calmly"}, model="both"))
    assert (status, text_of(answer)) == (200, "calmly")


async def test_after_the_first_token_timeout_the_next_route_is_tried(
    redis_url: str,
) -> None:
    timer = {"HEADRACE_UPSTREAM_FIRST_TOKEN_TIMEOUT_S": 1}
    async with upstream(None) as (url, connections), two_routes(redis_url, url, **timer) as testbed:
        status, answer = await asyncio.wait_for(
            post(testbed, body({"text": "b"}, model="both")), 10
        )
        assert (status, text_of(answer), connections()) == (200, "b", 1)


async def test_when_no_route_is_left_the_caller_gets_an_error_and_pays_nothing(
    redis_url: str,
) -> None:
    async with upstream(REFUSALS["key refused"]) as (url, connections):
        async with two_routes(redis_url, url) as testbed:
            await publish(testbed.redis, model("one", routes=(CLAUDE,)))
            await testbed.runtime.directory.refresh()
            status, answer = await post(testbed, body(model="one"))
            assert (status, json.loads(answer)["error"]["code"]) == (502, "upstream_error")
            assert connections() == 1  # a key that was refused is not shown again
            assert (await testbed.table.account("A"))["avail"] == "1000000000"


async def test_a_busy_provider_is_retried_after_the_pause_it_names(testbed: Testbed) -> None:
    status, answer = await post(testbed, body({"flaky": 2, "status": 429, "text": "at last"}))
    assert (status, text_of(answer)) == (200, "at last")
    assert [each["status"] for each in await journal(testbed)] == [429, 429, 200]


async def test_a_pause_that_is_too_long_is_passed_on_to_the_caller(testbed: Testbed) -> None:
    async with asyncio.timeout(3):
        status, answer = await post(testbed, body({"status": 429, "retry_after": 120}))
    assert (status, json.loads(answer)["error"]["code"]) == (503, "service_unavailable")
    assert len(await journal(testbed)) == 1


async def test_a_callers_error_is_not_retried(testbed: Testbed) -> None:
    status, _ = await post(testbed, body({"status": 400}))
    assert status == 400
    assert len(await journal(testbed)) == 1


async def test_a_circuit_that_opened_in_one_replica_is_open_in_all(redis_url: str) -> None:
    """Failures in one replica open the circuit for all; it closes when the trial succeeds."""
    dead = f"http://127.0.0.1:{free_port()}"
    async with two_routes(redis_url, dead) as testbed:
        for _ in range(5):
            status, _ = await post(testbed, body(model="both"))
            assert status == 200
        await testbed.runtime.circuits.refresh()
        [name] = testbed.runtime.circuits.open
        assert name.startswith("anthropic-")
        other = Circuits(testbed.redis, ScriptCalls(testbed.redis))
        await other.refresh()
        assert not await other.allows(name, "B")


async def test_the_streams_of_one_provider_are_bounded(redis_url: str) -> None:
    """The bulkhead: a provider that hangs uses up its own streams only."""
    async with running_testbed(redis_url, settings={"HEADRACE_PROVIDER_STREAMS_MAX": 2}) as testbed:
        slow = {"frames": 40, "frame_delay_ms": 25}
        answers = await asyncio.gather(*(post(testbed, body(slow)) for _ in range(4)))
        assert sorted(status for status, _ in answers)[:2] == [200, 200]
        status, _ = await post(testbed, body())
        assert status == 200


async def test_the_less_loaded_key_is_used(redis_url: str) -> None:
    async with running_testbed(redis_url, settings={"OPENAI_API_KEY": "sk-one,sk-two"}) as testbed:
        slow = {"frames": 20, "frame_delay_ms": 20}
        connections = [asyncio.create_task(post(testbed, body(slow))) for _ in range(6)]
        await asyncio.sleep(0.3)
        keys = testbed.runtime.upstream_pool.get("openai").keys[""]
        assert [key.open_streams for key in keys] == [3, 3]
        await asyncio.gather(*connections)
        assert [key.open_streams for key in keys] == [0, 0]


async def test_a_route_may_name_its_group_of_keys(redis_url: str) -> None:
    keys = {"OPENAI_API_KEY": "sk-common,premium:sk-better"}
    async with running_testbed(redis_url, settings=keys) as testbed:
        premium = model("best", routes=(Route("openai", "gpt-5", keys="premium"),))
        nobody = model("none", routes=(Route("openai", "gpt-5", keys="nobody"),))
        await publish(testbed.redis, premium, nobody)
        await testbed.runtime.directory.refresh()
        assert (await post(testbed, body(model="best")))[0] == 200
        assert (await post(testbed, body(model="none")))[0] == 503


async def test_weights_share_the_traffic(testbed: Testbed) -> None:
    heavy = Route("openai", "gpt-5", weight=9)
    light = Route("anthropic", "claude-sonnet-4-5", weight=1)
    await publish(testbed.redis, model("shared", routes=(light, heavy)))
    await testbed.runtime.directory.refresh()
    for _ in range(40):
        await post(testbed, body({"frames": 1}, model="shared", stream=False))
    paths = [each["path"] for each in await journal(testbed, 40)]
    assert 24 <= paths.count("/v1/chat/completions") <= 40
