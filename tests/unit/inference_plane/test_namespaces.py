"""Tools in a namespace, as Codex offers them, work with models that know none."""

import json
from typing import Any

import pytest

from inference_plane.core import events
from inference_plane.core.writer import Bill
from inference_plane.surfaces.responses import namespaces
from inference_plane.surfaces.responses.translated import Buffered, Streamed
from shared.credits import Tokens
from shared.errors import InvalidRequest
from tests.support.translating import ignored, sent

CLOSE = {"type": "function", "name": "close", "parameters": {"type": "object", "properties": {}}}
TOOLS: list[dict[str, Any]] = [
    CLOSE | {"name": "look"},
    {"type": "namespace", "name": "agents", "description": "d", "tools": [CLOSE]},
    {"type": "web_search", "external_web_access": True},
]
CALL = {"type": "function_call", "call_id": "c1", "name": "close", "arguments": "{}"}
RESULT = {"type": "function_call_output", "call_id": "c1", "output": "done"}


@pytest.mark.parametrize("provider", ["anthropic", "google"])
def test_the_vendor_gets_a_longer_name(provider: str) -> None:
    turns = [{"role": "user", "content": "hi"}, CALL | {"namespace": "agents"}, RESULT]
    body = json.dumps(sent("responses", provider, {"input": turns, "tools": TOOLS}))
    assert body.count('"name": "agents__close"') == (2 if provider == "anthropic" else 3)
    assert "web_search" not in body


def test_a_search_that_is_only_offered_is_named() -> None:
    turns = [{"id": "msg_1", "role": "user", "content": "hi"}]
    names = ignored("responses", "anthropic", {"input": turns, "tools": TOOLS})
    assert names == {"input[].id", "tools[2]"}
    forced = {"input": "hi", "tools": TOOLS, "tool_choice": {"type": "web_search"}}
    with pytest.raises(InvalidRequest, match="web_search"):
        sent("responses", "anthropic", forced)


def test_tools_that_an_item_adds_are_offered_too() -> None:
    added = {"type": "additional_tools", "role": "developer", "tools": TOOLS, "id": "at_1"}
    fields = {"input": [added, {"role": "user", "content": "hi"}], "reasoning": {"context": "auto"}}
    body = sent("responses", "anthropic", fields)
    assert [tool["name"] for tool in body["tools"]] == ["look", "agents__close"]
    names = {"input[].id", "input[0].tools[2]", "reasoning.context"}
    assert ignored("responses", "anthropic", fields) == names


def test_another_hosted_tool_is_refused_by_name() -> None:
    with pytest.raises(InvalidRequest, match="`file_search`") as refused:
        sent("responses", "google", {"input": "hi", "tools": [{"type": "file_search"}]})
    assert refused.value.param == "tools[0].type"


@pytest.mark.parametrize("kind", [Streamed, Buffered])
def test_a_call_comes_back_with_its_namespace(kind: type[Streamed] | type[Buffered]) -> None:
    writer = kind("m", {"tools": TOOLS})
    answer = [
        events.ToolCalled(0, "c1", "agents__close"),
        events.Arguments(0, "{}"),
        events.ToolCalled(1, "c2", "look"),
        events.Finished(events.TOOLS),
    ]
    written = writer.frame(b"", b"", answer) + writer.tail(Bill(Tokens(), 0, 0))
    last = written.rpartition(b"data: ")[2]
    response = json.loads(last)
    output = response.get("response", response)["output"]
    assert [(each["name"], each.get("namespace")) for each in output] == [
        ("close", "agents"),
        ("look", None),
    ]
    assert b"agents__close" not in written


def test_a_name_stays_within_what_vendors_take() -> None:
    assert namespaces.joined("n" * 60, "close") == "close"
