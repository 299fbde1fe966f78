"""Tools through each SDK: called, alone and in parallel, and answered in a second turn."""

import json
from typing import Any

import pytest

from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.received import Judge, OfferedTool, Received

WEATHER = OfferedTool(
    "weather",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
CLOCK = OfferedTool("clock", {"type": "object", "properties": {"zone": {"type": "string"}}})
_CALLED = {
    "chat": "tool_calls",
    "responses": "completed",
    "messages": "tool_use",
    "generate": "STOP",
}
_PARIS = {"name": "weather", "arguments": {"city": "Paris"}}
_ROME = {"name": "weather", "arguments": {"city": "Rome"}}
_UTC = {"name": "clock", "arguments": {"zone": "UTC"}}


@pytest.mark.parametrize("streamed", [False, True])
@cells("tools")
async def test_a_tool_is_called_and_answered(harness: Harness, cell: Cell, streamed: bool) -> None:
    first, second = await _conversation(harness, cell, [_PARIS], ["sunny"], streamed=streamed)
    assert [(call.name, call.arguments) for call in first.calls] == [("weather", {"city": "Paris"})]
    assert first.reason == _CALLED[cell.surface]
    assert second.text
    assert "sunny" in json.dumps(await harness.last_body())


@pytest.mark.parametrize("streamed", [False, True])
@cells("parallel-tools")
async def test_parallel_calls_are_answered_each_by_its_id(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """Two calls of one tool and one of another: matching by name alone would mix them up."""
    answers = ["sunny", "noon", "rainy"]
    first, second = await _conversation(
        harness, cell, [_PARIS, _UTC, _ROME], answers, streamed=streamed
    )
    assert [(call.name, call.arguments) for call in first.calls] == [
        ("weather", {"city": "Paris"}),
        ("clock", {"zone": "UTC"}),
        ("weather", {"city": "Rome"}),
    ]
    assert second.text
    assert _pairs(await harness.last_body()) == [
        ({"city": "Paris"}, "sunny"),
        ({"zone": "UTC"}, "noon"),
        ({"city": "Rome"}, "rainy"),
    ]


async def _conversation(
    harness: Harness, cell: Cell, called: list[Any], answers: list[str], *, streamed: bool
) -> tuple[Received, Received]:
    judge: Judge = harness.judges[cell.surface]
    model, offered = MODELS[cell.provider], judge.tools(WEATHER, CLOCK)
    turns = judge.user(prompt("what's it like?", tools=called))
    first = await judge.send(model, turns, streamed=streamed, **offered)
    ids = [call.id for call in first.calls if call.id]
    assert len(set(ids)) == len(ids)
    turns = [*turns, *first.turn, *judge.results(first, *answers)]
    return first, await judge.send(model, turns, streamed=streamed, **offered)


def _pairs(body: dict[str, Any]) -> list[tuple[Any, str]]:
    """Arguments and result of each call, as the provider must match them: by id, or by order."""
    if "contents" in body:
        return _google_pairs(body)
    if "input" in body:
        items = body["input"]
        calls = {i["call_id"]: json.loads(i["arguments"]) for i in items if "arguments" in i}
        return [(calls[i["call_id"]], i["output"]) for i in items if "output" in i]
    if any("tool_calls" in message for message in body["messages"]):
        made = [c for m in body["messages"] for c in m.get("tool_calls") or ()]
        calls = {c["id"]: json.loads(c["function"]["arguments"]) for c in made}
        tools = [m for m in body["messages"] if m["role"] == "tool"]
        return [(calls[m["tool_call_id"]], m["content"]) for m in tools]
    blocks = [b for m in body["messages"] for b in m["content"] if isinstance(b, dict)]
    calls = {b["id"]: b["input"] for b in blocks if b["type"] == "tool_use"}
    results = [b for b in blocks if b["type"] == "tool_result"]
    return [(calls[b["tool_use_id"]], _text(b["content"])) for b in results]


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(block["text"] for block in content)


def _google_pairs(body: dict[str, Any]) -> list[tuple[Any, str]]:
    parts = [part for content in body["contents"] for part in content["parts"]]
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
    assert [call["name"] for call in calls] == [answer["name"] for answer in answers]
    return [
        (call["args"], answer["response"]["output"])
        for call, answer in zip(calls, answers, strict=True)
    ]
