"""A hint that cannot be followed is named in the response and the log, or refused if one wishes."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.integration.inference_plane import requests
from tests.integration.inference_plane.requests import journal
from tests.support.testbed import Testbed

HI = [{"role": "user", "content": "hi"}]
CHAT = "/v1/chat/completions"
MESSAGES = "/v1/messages"


async def post(
    testbed: Testbed, body: dict[str, Any], path: str, **headers: str
) -> tuple[int, Any]:
    status, answer = await requests.post(testbed, body, path, **headers)
    return status, None if body.get("stream") else json.loads(answer)


def _ignored(testbed: Testbed) -> str:
    return testbed.last_headers().get("x-headrace-ignored", "")


@pytest.mark.parametrize("stream", [True, False])
async def test_what_was_ignored_is_named(testbed: Testbed, *, stream: bool) -> None:
    body = {"model": "claude", "messages": HI, "stream": stream, "seed": 1, "store": True}
    with capture_logs() as logs:
        await post(testbed, body, CHAT)
    assert _ignored(testbed) == "store, seed"
    [line] = [each for each in logs if each["event"] == "request"]
    assert line["ignored"] == ["store", "seed"]


async def test_strictness_refuses_it_at_no_cost(testbed: Testbed) -> None:
    body = {"model": "claude", "messages": HI, "seed": 1}
    status, answer = await post(testbed, body, CHAT, **{"X-Headrace-Strict": "1"})
    assert (status, answer["error"]["param"]) == (400, "seed")
    assert await journal(testbed) == []
    status, _ = await post(testbed, body | {"seed": None}, CHAT, **{"X-Headrace-Strict": "1"})
    assert (status, _ignored(testbed)) == (200, "")


async def test_strictness_is_on_or_off(testbed: Testbed) -> None:
    body = {"model": "claude", "messages": HI}
    status, answer = await post(testbed, body, CHAT, **{"X-Headrace-Strict": "yes"})
    assert (status, answer["error"]["param"]) == (400, "X-Headrace-Strict")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (CHAT, {"model": "gpt-5", "messages": HI, "max_completion_tokens": 9_999}, ""),
        (CHAT, {"model": "claude", "messages": HI, "max_tokens": 9_999}, "max_tokens"),
        (MESSAGES, {"model": "claude", "messages": HI, "max_tokens": 9_999}, "max_tokens"),
        (
            "/v1beta/models/gemini:generateContent",
            {
                "contents": [{"parts": [{"text": "hi"}]}],
                "generationConfig": {"maxOutputTokens": 9_999},
            },
            "generationConfig.maxOutputTokens",
        ),
    ],
)
async def test_a_limit_above_the_models_is_lowered(
    testbed: Testbed, path: str, body: dict[str, Any], field: str
) -> None:
    """Agents ask for 32,000 tokens of any model, and vendors refuse that."""
    status, answer = await post(testbed, body, path)
    assert status == 200, answer
    assert _ignored(testbed) == (field or "max_completion_tokens")
    received = (await journal(testbed))[-1]["body"]
    limits = (
        received.get("max_tokens"),
        received.get("max_completion_tokens"),
        received.get("generationConfig", {}).get("maxOutputTokens"),
    )
    assert 4_096 in limits


async def test_a_lowered_limit_leaves_room_for_an_answer(testbed: Testbed) -> None:
    """Anthropic refuses a budget of thoughts that is not below the limit."""
    thinking = {"type": "enabled", "budget_tokens": 20_000}
    body = {"model": "claude", "messages": HI, "max_tokens": 32_000, "thinking": thinking}
    status, answer = await post(testbed, body, MESSAGES)
    assert status == 200, answer
    received = (await journal(testbed))[-1]["body"]
    assert received["thinking"]["budget_tokens"] < received["max_tokens"] == 4_096


async def test_one_call_at_a_time_is_kept_where_the_vendor_has_no_field_for_it(
    testbed: Testbed,
) -> None:
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    directed = 'hi\nsim: {"calls": 2}'
    body = {
        "model": "gemini",
        "messages": [{"role": "user", "content": directed}],
        "tools": [tool],
        "parallel_tool_calls": False,
    }
    _, answer = await post(testbed, body, CHAT)
    assert len(answer["choices"][0]["message"]["tool_calls"]) == 1
    _, answer = await post(testbed, body | {"parallel_tool_calls": None}, CHAT)
    assert len(answer["choices"][0]["message"]["tool_calls"]) == 2
