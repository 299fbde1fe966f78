"""Before the first byte another key, another route may be tried; what is tried is bounded."""

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
from tests.integration.inference_plane.requests import ask, body, journal, text_of
from tests.support.testbed import Testbed, model, publish, running_testbed

CLAUDE, GPT = Route("anthropic", "claude-sonnet-4-5"), Route("openai", "gpt-5", order=1)


@asynccontextmanager
async def upstream(answer: bytes | None) -> AsyncIterator[tuple[str, Callable[[], int]]]:
    """A server that says this to every request, or nothing at all; and how many have asked."""
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: asked
    finally:
        server.close()


def _http(status: str, said: dict[str, Any], *headers: str) -> bytes:
    text = json.dumps(said).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    head = "\r\n".join([*lines, f"Content-Length: {len(text)}", "Connection: close", "", ""])
    return head.encode() + text


@asynccontextmanager
async def two_routes(redis_url: str, first: str, **settings: Any) -> AsyncIterator[Testbed]:
    """A model that is served by Claude at `first`, and should that fail by GPT."""
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
async def test_what_one_provider_refuses_the_next_one_answers(
    redis_url: str, refusal: bytes
) -> None:
    async with upstream(refusal) as (url, _), two_routes(redis_url, url) as testbed:
        status, said = await ask(testbed, body({"text": "from the second"}, model="both"))
    assert (status, text_of(said)) == (200, "from the second")


async def test_an_error_told_inside_the_stream_before_its_first_word_is_no_first_word(
    redis_url: str,
) -> None:
    """Anthropic says `overloaded_error` with status 200; nothing has been sent, so go on."""
    event = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    async with upstream(head + event) as (url, _), two_routes(redis_url, url) as testbed:
        status, said = await ask(testbed, body({"text": "calmly"}, model="both"))
    assert (status, text_of(said)) == (200, "calmly")


async def test_the_first_token_timer_fires_at_its_time_and_the_next_route_is_asked(
    redis_url: str,
) -> None:
    timer = {"HEADRACE_UPSTREAM_FIRST_TOKEN_TIMEOUT_S": 1}
    async with upstream(None) as (url, asked), two_routes(redis_url, url, **timer) as testbed:
        status, said = await asyncio.wait_for(ask(testbed, body({"text": "b"}, model="both")), 10)
        assert (status, text_of(said), asked()) == (200, "b", 1)


async def test_when_no_route_is_left_the_caller_is_told_and_pays_nothing(redis_url: str) -> None:
    async with upstream(REFUSALS["key refused"]) as (url, asked):
        async with two_routes(redis_url, url) as testbed:
            await publish(testbed.redis, model("one", routes=(CLAUDE,)))
            await testbed.runtime.directory.refresh()
            status, said = await ask(testbed, body(model="one"))
            assert (status, json.loads(said)["error"]["code"]) == (502, "upstream_error")
            assert asked() == 1  # a key that was refused is not shown again
            assert (await testbed.table.account("A"))["avail"] == "1000000000"


async def test_a_busy_provider_is_asked_again_after_the_pause_it_names(testbed: Testbed) -> None:
    status, said = await ask(testbed, body({"flaky": 2, "status": 429, "text": "at last"}))
    assert (status, text_of(said)) == (200, "at last")
    assert [each["status"] for each in await journal(testbed)] == [429, 429, 200]


async def test_a_pause_that_is_too_long_is_told_to_the_caller(testbed: Testbed) -> None:
    async with asyncio.timeout(3):
        status, said = await ask(testbed, body({"status": 429, "retry_after": 120}))
    assert (status, json.loads(said)["error"]["code"]) == (503, "service_unavailable")
    assert len(await journal(testbed)) == 1


async def test_what_the_caller_did_wrong_is_not_tried_again(testbed: Testbed) -> None:
    status, _ = await ask(testbed, body({"status": 400}))
    assert status == 400
    assert len(await journal(testbed)) == 1


async def test_a_circuit_that_opened_in_one_replica_is_open_in_all(redis_url: str) -> None:
    """Failures of one replica spare the others the wait; and it closes when the trial works."""
    dead = f"http://127.0.0.1:{free_port()}"
    async with two_routes(redis_url, dead) as testbed:
        for _ in range(5):
            status, _ = await ask(testbed, body(model="both"))
            assert status == 200
        await testbed.runtime.circuits.refresh()
        [name] = testbed.runtime.circuits.open
        assert name.startswith("anthropic-")
        other = Circuits(testbed.redis, ScriptCalls(testbed.redis))
        await other.refresh()
        assert not await other.allows(name)


async def test_what_one_provider_may_hold_of_a_replica_is_bounded(redis_url: str) -> None:
    """The bulkhead: a provider that hangs takes its own places, not everybody's."""
    async with running_testbed(redis_url, settings={"HEADRACE_PROVIDER_STREAMS_MAX": 2}) as testbed:
        slow = {"frames": 40, "frame_delay_ms": 25}
        answers = await asyncio.gather(*(ask(testbed, body(slow)) for _ in range(4)))
        assert sorted(status for status, _ in answers)[:2] == [200, 200]
        status, _ = await ask(testbed, body())
        assert status == 200


async def test_the_less_loaded_key_is_used(redis_url: str) -> None:
    async with running_testbed(redis_url, settings={"OPENAI_API_KEY": "sk-one,sk-two"}) as testbed:
        slow = {"frames": 20, "frame_delay_ms": 20}
        asked = [asyncio.create_task(ask(testbed, body(slow))) for _ in range(6)]
        await asyncio.sleep(0.3)
        keys = testbed.runtime.upstream_pool.get("openai").keys[""]
        assert [key.open_streams for key in keys] == [3, 3]
        await asyncio.gather(*asked)
        assert [key.open_streams for key in keys] == [0, 0]


async def test_a_route_may_name_its_group_of_keys(redis_url: str) -> None:
    keys = {"OPENAI_API_KEY": "sk-common,premium:sk-better"}
    async with running_testbed(redis_url, settings=keys) as testbed:
        premium = model("best", routes=(Route("openai", "gpt-5", keys="premium"),))
        nobody = model("none", routes=(Route("openai", "gpt-5", keys="nobody"),))
        await publish(testbed.redis, premium, nobody)
        await testbed.runtime.directory.refresh()
        assert (await ask(testbed, body(model="best")))[0] == 200
        assert (await ask(testbed, body(model="none")))[0] == 503


async def test_weights_share_the_traffic(testbed: Testbed) -> None:
    heavy = Route("openai", "gpt-5", weight=9)
    light = Route("anthropic", "claude-sonnet-4-5", weight=1)
    await publish(testbed.redis, model("shared", routes=(light, heavy)))
    await testbed.runtime.directory.refresh()
    for _ in range(40):
        await ask(testbed, body({"frames": 1}, model="shared", stream=False))
    seen = [each["path"] for each in await journal(testbed, 40)]
    assert 24 <= seen.count("/v1/chat/completions") <= 40
