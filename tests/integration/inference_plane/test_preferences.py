"""Fields that a request leaves out are filled from its user's preferences, which never break it."""

import asyncio
import json
from typing import Any

import pytest

from shared import keyspace
from shared.catalogue import Route
from shared.preferences import Preferences, encode
from tests.integration.inference_plane.requests import journal, post
from tests.support.testbed import MODELS, Testbed, model, publish

HI = [{"role": "user", "content": "hi"}]
EVENTS = {"Accept": "text/event-stream"}
ALL = {"model": "old", "max_tokens": 7, "temperature": 1.5}


@pytest.fixture
async def testbed(testbed: Testbed) -> Testbed:
    """`old` is a model of OpenAI's that accepts a temperature."""
    old = model("old", routes=(Route("openai", "gpt-4o"),))
    await publish(testbed.redis, *MODELS, old)
    await testbed.runtime.directory.refresh()
    return testbed


async def _prefer(testbed: Testbed, **chosen: Any) -> None:
    await testbed.redis.hset(keyspace.PREFERENCES, "A", encode(Preferences(**chosen)))
    await testbed.runtime.preferences.refresh()


async def _sent(
    testbed: Testbed, path: str, body: dict[str, Any], **headers: str
) -> dict[str, Any]:
    """The body that reached the provider."""
    status, answer = await post(testbed, body, path, **headers)
    assert status == 200, answer
    received: dict[str, Any] = (await journal(testbed))[-1]["body"]
    return received


async def test_chat_is_filled(testbed: Testbed) -> None:
    await _prefer(testbed, **ALL)
    sent = await _sent(testbed, "/v1/chat/completions", {"messages": HI})
    assert (sent["model"], sent["max_completion_tokens"]) == ("gpt-4o", 7)
    assert sent["temperature"] == 1.5


async def test_completions_are_filled(testbed: Testbed) -> None:
    await _prefer(testbed, **ALL)
    sent = await _sent(testbed, "/v1/completions", {"prompt": "hi"})
    assert (sent["model"], sent["temperature"]) == ("gpt-4o", 1.5)
    assert 7 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))


async def test_responses_are_filled(testbed: Testbed) -> None:
    await _prefer(testbed, **ALL | {"max_tokens": 16})
    sent = await _sent(testbed, "/v1/responses", {"input": "hi"})
    assert (sent["model"], sent["max_output_tokens"]) == ("gpt-4o", 16)
    assert sent["temperature"] == 1.5


async def test_messages_are_filled_as_far_as_the_model_goes(testbed: Testbed) -> None:
    await _prefer(testbed, model="claude", temperature=1.5)
    sent = await _sent(testbed, "/v1/messages", {"max_tokens": 9, "messages": HI})
    assert (sent["model"], sent["max_tokens"]) == ("claude-sonnet-4-5", 9)
    assert sent["temperature"] == 1


@pytest.mark.parametrize("spelled", ["generationConfig", "generation_config"])
async def test_generate_is_filled_next_to_existing_fields(testbed: Testbed, spelled: str) -> None:
    await _prefer(testbed, **ALL)
    body = {"contents": [{"parts": [{"text": "hi"}]}], spelled: {"seed": 3}}
    sent = await _sent(testbed, "/v1beta/models/gemini:generateContent", body)
    assert sent["generationConfig"] == {"seed": 3, "maxOutputTokens": 7, "temperature": 1.5}


async def test_the_callers_own_fields_are_kept(testbed: Testbed) -> None:
    await _prefer(testbed, **ALL)
    own = {"model": "gemini", "max_tokens": 3, "temperature": 0, "messages": HI}
    sent = (await _sent(testbed, "/v1/chat/completions", own))["generationConfig"]
    assert (sent["maxOutputTokens"], sent["temperature"]) == (3, 0)
    steered = {"model": "old", "top_p": 0.5, "messages": HI}
    assert "temperature" not in await _sent(testbed, "/v1/chat/completions", steered)


async def test_a_model_that_takes_no_temperature_gets_none(testbed: Testbed) -> None:
    await _prefer(testbed, temperature=0.2)
    sent = await _sent(testbed, "/v1/chat/completions", {"model": "gpt-5", "messages": HI})
    assert "temperature" not in sent


async def test_a_preferred_length_fits_the_model(testbed: Testbed) -> None:
    await _prefer(testbed, max_tokens=1_000_000)
    sent = await _sent(testbed, "/v1/chat/completions", {"model": "old", "messages": HI})
    assert sent["max_completion_tokens"] == 4_096


@pytest.mark.parametrize(
    ("stream", "streamed"), [(None, True), (True, True), (False, False)], ids=str
)
async def test_a_caller_who_accepts_events_gets_them_unless_the_user_prefers_not(
    testbed: Testbed, stream: bool | None, streamed: bool
) -> None:
    await _prefer(testbed, stream=stream, temperature=1)
    body = {"model": "gpt-5", "messages": HI}
    _, answer = await post(testbed, body, **EVENTS)
    assert answer.startswith(b"data: ") == streamed
    _, answer = await post(testbed, body | {"stream": not streamed}, **EVENTS)
    assert answer.startswith(b"data: ") != streamed


async def test_an_sdk_that_accepts_json_gets_json(testbed: Testbed) -> None:
    await _prefer(testbed, stream=True, model="old")
    async with testbed.client() as client:
        made = await client.chat.completions.create(model="gpt-5", messages=HI)  # type: ignore[arg-type]
    assert made.choices[0].message.content


async def test_without_a_default_a_request_must_name_its_model(testbed: Testbed) -> None:
    for named in ({}, {"model": ""}, {"model": None}):
        status, answer = await post(testbed, {"messages": HI, **named})
        error = json.loads(answer)["error"]
        assert (status, error["code"], error["param"]) == (400, "invalid_request", "model")
    assert not await testbed.table.entries("A")


async def test_a_default_model_that_no_longer_exists_is_refused_by_name(testbed: Testbed) -> None:
    await _prefer(testbed, model="gone")
    status, answer = await post(testbed, {"messages": HI})
    assert (status, json.loads(answer)["error"]["code"]) == (404, "model_not_found")


async def test_embeddings_take_no_preferences(testbed: Testbed) -> None:
    await _prefer(testbed, **ALL)
    sent = await _sent(testbed, "/v1/embeddings", {"model": "vectors", "input": "hi"})
    assert not {"temperature", "max_tokens", "stream"} & sent.keys()


async def test_a_change_counts_within_two_seconds(testbed: Testbed) -> None:
    await _prefer(testbed, model="old")
    assert (await _sent(testbed, "/v1/chat/completions", {"messages": HI}))["model"] == "gpt-4o"
    await _prefer(testbed, model="gpt-5")
    for _ in range(40):
        if (await _sent(testbed, "/v1/chat/completions", {"messages": HI}))["model"] == "gpt-5":
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the old preference was still used after two seconds")


async def test_a_repeated_request_is_the_same_only_under_the_same_preferences(
    testbed: Testbed,
) -> None:
    """A kept answer has the form that was preferred at that time."""
    await _prefer(testbed, stream=True)
    again = EVENTS | {"Idempotency-Key": "once"}
    body = {"model": "gpt-5", "messages": HI}
    first, repeated = [await post(testbed, body, **again) for _ in range(2)]
    assert first == repeated
    assert b"\ndata: {" in first[1]
    await _prefer(testbed, stream=False)
    await asyncio.sleep(1.1)
    status, answer = await post(testbed, body, **again)
    assert (status, json.loads(answer)["error"]["code"]) == (409, "idempotency_conflict")
