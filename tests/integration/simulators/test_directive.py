"""The `sim:` directive has the same effect on every protocol, and the journal records it."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from deploy.simulators import directive
from tests.integration.simulators.conftest import Provider, say

CHAT, RESPONSES, LEGACY = "/v1/chat/completions", "/v1/responses", "/v1/completions"
MESSAGES = "/v1/messages"
GENERATE = "/v1beta/models/gemini-2.0-pro:streamGenerateContent"
PATHS = [CHAT, RESPONSES, LEGACY, MESSAGES, f"{GENERATE}?alt=sse", GENERATE]


def request(path: str, **directive: Any) -> dict[str, Any]:
    """A streamed request of that protocol."""
    text = say(**directive)
    messages = [{"role": "user", "content": text}]
    if path == RESPONSES:
        return {"model": "gpt-5", "input": text, "stream": True}
    if path == LEGACY:
        return {"model": "davinci-002", "prompt": text, "stream": True, "max_tokens": 500}
    if path == MESSAGES:
        body = {"model": "claude-opus-4-8", "messages": messages, "max_tokens": 500}
        return body | {"stream": True}
    if path == CHAT:
        return {"model": "gpt-5", "messages": messages, "stream": True}
    return {"contents": [{"parts": [{"text": text}]}]}


def usages(text: str) -> Iterator[Any]:
    """Every usage in a stream, in any protocol."""

    def walk(value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("usage", "usageMetadata") and inner:
                    yield inner
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    payloads = [line[5:] for line in text.splitlines() if line.startswith("data:")] or [text]
    for payload in payloads:
        if payload.strip() != "[DONE]":
            yield from walk(json.loads(payload))


@pytest.mark.parametrize("path", PATHS)
async def test_slow_frames_come_whole(provider: Provider, path: str) -> None:
    reported = {"text": "one two three", "frames": 3, "frame_delay_ms": 5, "first_delay_ms": 5}
    status, _, answer = await provider.post(path, request(path, **reported))
    assert status == 200
    text = answer if isinstance(answer, str) else json.dumps(answer)
    assert [piece in text for piece in ("one t", "wo th", "ree")] == [True] * 3
    entry = (await provider.requests())[-1]
    assert (entry["outcome"], entry["status"]) == ("answered", 200)
    assert entry["frames"] >= 4


@pytest.mark.parametrize("path", PATHS)
async def test_usage_can_be_missing_zero_or_given(provider: Provider, path: str) -> None:
    async def reported(usage: Any) -> list[Any]:
        body = request(path, usage=usage)
        if path in (CHAT, LEGACY):
            body["stream_options"] = {"include_usage": True}
        _, _, answer = await provider.post(path, body)
        return list(usages(answer if isinstance(answer, str) else json.dumps(answer)))

    assert await reported("missing") == []
    zero = (await reported("zero"))[-1]
    assert {value for value in zero.values() if isinstance(value, int)} == {0}
    explicit = (await reported({"prompt_tokens": 90, "cached_tokens": 40}))[-1]
    counts = [value for value in explicit.values() if isinstance(value, int)]
    assert (50 if path == MESSAGES else 90) in counts
    if path != LEGACY:
        assert 40 in json.loads("[" + ",".join(_numbers(explicit)) + "]")


@pytest.mark.parametrize("path", PATHS)
async def test_a_cut_connection_is_no_end(provider: Provider, path: str) -> None:
    with pytest.raises(aiohttp.ClientError):
        await provider.post(path, request(path, fail_at_frame=3))
    entry = (await provider.requests())[-1]
    assert (entry["outcome"], entry["frames"]) == ("cut", 2)


async def test_a_plain_answer_may_be_cut_or_stall_too(provider: Provider) -> None:
    with pytest.raises(aiohttp.ClientError):
        await provider.post(CHAT, request(CHAT, fail_at_frame=1) | {"stream": False})
    assert (await provider.requests())[-1]["outcome"] == "cut"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await provider.post(CHAT, request(CHAT, stall_at_frame=1) | {"stream": False})
    for _ in range(200):
        if (await provider.requests())[-1]["outcome"] == "left":
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the leaving was not noticed")


async def test_events_stay_numbered_through_a_failure(provider: Provider) -> None:
    _, _, answer = await provider.post(RESPONSES, request(RESPONSES, error_at_frame=4))
    events = [json.loads(line[5:]) for line in answer.splitlines() if line.startswith("data:")]
    assert [event["sequence_number"] for event in events] == [0, 1, 2, 3, 4]
    assert [event["type"] for event in events[3:]] == ["error", "response.failed"]


@pytest.mark.parametrize("path", PATHS)
async def test_leaving_a_stalled_stream_reaches_the_provider(provider: Provider, path: str) -> None:
    body = request(path, stall_at_frame=3)
    headers = {"Authorization": "Bearer k", "x-api-key": "k", "x-goog-api-key": "secret-key"}
    headers["anthropic-version"] = "2023-06-01"
    async with provider.session.post(provider.url + path, json=body, headers=headers) as answer:
        await answer.content.readany()
        entry = (await provider.requests())[-1]
        assert entry["outcome"] == "open"
    for _ in range(200):
        entry = (await provider.requests())[-1]
        if entry["outcome"] != "open":
            break
        await asyncio.sleep(0.01)
    assert (entry["outcome"], entry["frames"]) == ("left", 2)
    assert entry["body"] == body
    assert "secret-key" not in json.dumps(entry)


@pytest.mark.parametrize("path", PATHS)
async def test_flaky_fails_so_often_and_then_works(provider: Provider, path: str) -> None:
    body = request(path, flaky=2, status=503)
    assert [(await provider.post(path, body))[0] for _ in range(4)] == [503, 503, 200, 200]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("reported", [{"status": 500}, {"status": 401}, {"error": "quota"}])
async def test_a_planted_secret_is_in_the_error(
    provider: Provider, path: str, reported: dict[str, Any]
) -> None:
    status, _, answer = await provider.post(path, request(path, secret="sk-planted", **reported))
    assert status >= 400
    assert "sk-planted" in json.dumps(answer)
    _, _, stream = await provider.post(path, request(path, secret="sk-planted", error_at_frame=2))
    assert "sk-planted" in (stream if isinstance(stream, str) else json.dumps(stream))


@pytest.mark.parametrize("path", PATHS)
async def test_a_wrong_directive_is_refused(provider: Provider, path: str) -> None:
    status, _, answer = await provider.post(path, request(path, nonsense=1))
    assert status == 400
    assert "directive is not valid" in answer["error"]["message"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_that_is_no_json_is_refused(provider: Provider, path: str) -> None:
    headers = {"Authorization": "Bearer k", "x-api-key": "k", "anthropic-version": "2023-06-01"}
    url = provider.url + path
    async with provider.session.post(url, data=b"{", headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["message"]


@pytest.mark.parametrize("path", [CHAT, RESPONSES, MESSAGES, GENERATE])
async def test_tools_with_given_arguments(provider: Provider, path: str) -> None:
    tools = [{"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {"b": [2]}}]
    _, _, answer = await provider.post(path, request(path, tools=tools))
    text = answer if isinstance(answer, str) else json.dumps(answer)
    assert [name in text for name in ('"f"', '"g"')] == [True, True]


def test_every_word_of_the_directive_is_documented() -> None:
    documented = directive.__doc__ or ""
    assert [
        name for name in directive.Directive.__struct_fields__ if f'"{name}"' not in documented
    ] == []


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, int):
        yield str(value)
