"""Streams on every surface: how they end, and how they are kept alive while they are silent.

A caller who reads slowly, or not at all, slows down its provider and no other request.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.judges import raw
from tests.support.judges.harness import MODELS, Harness, prompt, running_harness
from tests.support.testbed import Testbed, running_testbed, token

_STREAMS = [(surface, provider) for surface in raw.STREAMING for provider in MODELS]
_ENDS = {
    "chat": [b"data: [DONE]"],
    "completions": [b"data: [DONE]"],
    "responses": [b"response.completed", b"response.incomplete"],
    "messages": [b"message_stop", b"message_delta"],
    "generate": [b'"finishReason":"STOP"'],
}
_ARRAY = "/v1beta/models/{}:streamGenerateContent"


@pytest.fixture
async def quick(redis_url: str) -> AsyncIterator[Harness]:
    """A harness whose keep-alive comes after 0.4 s of silence."""
    async with running_harness(redis_url, {"HEADRACE_KEEP_ALIVE_S": 0.4}) as harness:
        yield harness


@pytest.mark.parametrize("how", ["error_at_frame", "fail_at_frame", "stall_at_frame"])
async def test_a_broken_stream_ends_in_an_error_and_never_as_if_complete(
    harness: Harness, how: str
) -> None:
    """Every surface from every provider, all at once."""
    text = prompt(frames=20, frame_delay_ms=3, **{how: 9})
    requests = [raw.request(*pair, text, streamed=True) for pair in _STREAMS]
    answers = await asyncio.gather(*(raw.post(harness.testbed, *each) for each in requests))
    code = "upstream_timeout" if how == "stall_at_frame" else "upstream_error"
    for (surface, _), (status, _, answer) in zip(_STREAMS, answers, strict=True):
        assert status == 200
        frames = [frame for frame in answer.split(b"\n\n") if frame]
        assert raw.code_in(json.loads(frames[-1].partition(b"data: ")[2])) == code
        assert not any(end in answer for end in _ENDS[surface])


@pytest.mark.parametrize(("surface", "provider"), _STREAMS)
async def test_a_whole_stream_has_its_own_end(
    harness: Harness, surface: str, provider: str
) -> None:
    path, body = raw.request(surface, provider, prompt(frames=3), streamed=True)
    _, _, answer = await raw.post(harness.testbed, path, body)
    last = b"".join(answer.split(b"\n\n")[-3:])
    assert _ENDS[surface][0] in last


@pytest.mark.parametrize("provider", MODELS)
async def test_a_broken_array_ends_in_an_error_too(harness: Harness, provider: str) -> None:
    text = prompt(frames=20, frame_delay_ms=3, fail_at_frame=9)
    _, body = raw.request("generate", provider, text, streamed=True)
    _, _, answer = await raw.post(harness.testbed, _ARRAY.format(MODELS[provider]), body)
    elements = json.loads(answer)
    assert raw.code_in(elements[-1]) == "upstream_error"
    assert not any("finishReason" in c for e in elements[:-1] for c in e["candidates"])


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("when", ["before the first token", "between two"])
async def test_a_silent_stream_is_kept_alive(quick: Harness, provider: str, when: str) -> None:
    """A comment in an event stream, white space in Gemini's array: readers ignore both."""
    first = when == "before the first token"
    text = prompt(frames=2, **({"first_delay_ms": 900} if first else {"frame_delay_ms": 700}))
    requests = [raw.request(surface, provider, text, streamed=True) for surface in raw.STREAMING]
    requests.append((_ARRAY.format(MODELS[provider]), requests[-1][1]))
    *answers, array = await asyncio.gather(*(raw.post(quick.testbed, *each) for each in requests))
    for _, headers, answer in answers:
        assert headers["content-type"].startswith("text/event-stream")
        silent = answer.partition(b"This")[0 if first else 2]
        assert b": keep-alive\n\n" in silent
    assert b"\n" in array[2].replace(b",\r\n", b"")
    assert json.loads(array[2])


@pytest.mark.parametrize(("surface", "provider"), _STREAMS)
async def test_a_frame_is_passed_on_before_the_next_one_comes(
    harness: Harness, surface: str, provider: str
) -> None:
    """The provider then stalls, so a relay that buffers frames would wait."""
    path, body = raw.request(surface, provider, prompt(frames=9, stall_at_frame=6), streamed=True)
    sent = {"Authorization": f"Bearer {token('A')}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(harness.testbed.url + path, json=body, headers=sent) as answer:
            assert answer.status == 200, await answer.read()
            data = b"not yet"
            while data and b"This" not in data:
                data = await answer.content.readuntil(b"\n\n")
            assert data, "it ended without a word"
            assert (await harness.journal(1))[-1]["outcome"] == "open"


_READ_NOTHING = 150_000


async def _deaf(testbed: Testbed, frames: int) -> socket.socket:
    """A caller who requests a stream and then reads none of it."""
    path, body = raw.request("chat", "openai", prompt(frames=frames), streamed=True)
    data = json.dumps(body).encode()
    head = [
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {token('A')}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
    ]
    caller = socket.socket()
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    caller.setblocking(False)
    host, port = testbed.url.removeprefix("http://").split(":")
    loop = asyncio.get_running_loop()
    await loop.sock_connect(caller, (host, int(port)))
    await loop.sock_sendall(caller, "\r\n".join([*head, "", ""]).encode() + data)
    return caller


async def test_a_slow_reader_slows_its_provider_and_no_other_request(redis_url: str) -> None:
    """The provider can write what the sockets buffer; other streams are kept alive meanwhile."""
    settings = {"HEADRACE_KEEP_ALIVE_S": 0.4}
    async with running_testbed(redis_url, credits=1_000_000, settings=settings) as testbed:
        harness = Harness(testbed)
        caller = await _deaf(testbed, _READ_NOTHING)
        try:
            written = await _settled(harness)
            assert 0 < written < _READ_NOTHING
            path, body = raw.request("chat", "openai", prompt(first_delay_ms=1_200), streamed=True)
            _, _, answer = await raw.post(testbed, path, body)
            assert answer.count(b": keep-alive") >= 2
        finally:
            caller.close()
            await harness.close()
        await testbed.until_idle()


async def _settled(harness: Harness) -> int:
    """How many frames the provider has written when it stops writing."""
    before, same = -1, 0
    while same < 4:
        await asyncio.sleep(0.25)
        now = (await harness.journal(1))[-1]["frames"]
        before, same = now, same + 1 if now == before and now else 0
    return before
