"""The JavaScript SDKs from npm: node asks everything at once, these tests judge what it heard.

Where there is no node nothing is judged, and the run says so; under CI that is a failure.
"""

import asyncio
import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any

import jsonschema
import pytest

from tests.support.judges import installed
from tests.support.judges.harness import MODELS, Harness, told
from tests.support.judges.heard import PNG
from tests.support.testbed import token

_TOOL = {
    "name": "weather",
    "description": "what it is like",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
_CALLS = [{"name": "weather", "arguments": {"city": city}} for city in ("Paris", "Rome")]
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
_BAD = {"BadRequestError", "ApiError"}
_AWAY = {"InternalServerError", "ServiceUnavailableError", "ApiError"}
_PICTURE = base64.b64encode(PNG).decode()


@dataclass(frozen=True)
class Kind:
    """What every surface is asked in the same way, plain and streamed."""

    directive: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    modes: tuple[bool, ...] = (False, True)


KINDS: dict[str, Kind] = {
    "answer": Kind({"text": "one two three"}),
    "tools": Kind({"tools": _CALLS}, {"tools": [_TOOL], "results": ["sunny", "rainy"]}),
    "schema": Kind({}, {"schema": _SCHEMA}),
    "image": Kind({"text": "a dot"}, {"picture": _PICTURE}, (False,)),
    "thinking": Kind(
        {"thinking": 3, "tools": _CALLS},
        {"thinks": True, "tools": [_TOOL], "results": ["sunny", "rainy"]},
    ),
    "refused": Kind({"status": 400}),
    "busy": Kind({"status": 429, "retry_after": 9}, modes=(True,)),
    "broken": Kind({"frames": 20, "frame_delay_ms": 3, "error_at_frame": 9}, modes=(True,)),
    "cut": Kind({"frames": 20, "frame_delay_ms": 3, "fail_at_frame": 9}, modes=(True,)),
    "disconnect": Kind({"frames": 40, "frame_delay_ms": 10}, {"leaves": True}, (True,)),
}
_SIMPLE = frozenset({"answer", "refused", "busy", "broken", "cut", "disconnect"})
SURFACES = ("chat", "completions", "responses", "messages", "generate")
CASES: dict[str, dict[str, Any]] = {
    f"{kind}-{surface}-{provider}-{'streamed' if streamed else 'plain'}": {
        "surface": surface,
        "model": model,
        "streamed": streamed,
        "text": told(f"{kind}-{surface}-{provider}", **asked.directive),
    }
    | asked.fields
    for kind, asked in KINDS.items()
    for surface in SURFACES
    for provider, model in MODELS.items()
    for streamed in asked.modes
    if surface != "completions" or kind in _SIMPLE
}


@pytest.fixture(scope="module")
async def heard(harness: Harness) -> dict[str, Any]:
    """What every case has heard, by its name."""
    node = installed.javascript()
    if node is None:
        assert not os.environ.get("CI"), installed.NO_NODE
        pytest.skip(installed.NO_NODE)
    cases = [{"id": name} | case for name, case in CASES.items()]
    busy = [case for case in cases if case["id"].startswith("busy")]
    answers: dict[str, Any] = {}
    for surface in SURFACES:  # few at a time: a key that fails five times is left alone for a while
        answers |= await _ask(node, harness, [c for c in busy if c["surface"] == surface])
        await harness.reset_circuits()
    return answers | await _ask(node, harness, [case for case in cases if case not in busy])


async def _ask(node: str, harness: Harness, cases: list[dict[str, Any]]) -> dict[str, Any]:
    running = await asyncio.create_subprocess_exec(
        *(node, str(installed.JAVASCRIPT / "run.mjs")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    table = {"url": harness.testbed.url, "key": token("A"), "cases": cases}
    said, complaint = await running.communicate(json.dumps(table).encode())
    assert running.returncode == 0, complaint.decode()
    answer: dict[str, Any] = json.loads(said)
    return answer


def _cases(*kinds: str) -> Any:
    found = [name for name in CASES if name.split("-")[0] in kinds]
    return pytest.mark.parametrize("name", found)


def _good(heard: dict[str, Any], name: str) -> Any:
    assert "error" not in heard[name], heard[name]["error"]
    return heard[name]


@_cases("answer")
def test_an_answer_is_heard_with_what_it_cost(heard: dict[str, Any], name: str) -> None:
    said = _good(heard, name)
    assert said["text"] == "one two three"
    assert said["output"] >= 3
    if CASES[name]["surface"] != "generate":  # which keeps no field that it does not know
        assert said["used"] == said["deducted"] == said["prompt"] + said["output"]


@_cases("tools", "thinking")
def test_parallel_tools_are_called_and_answered(heard: dict[str, Any], name: str) -> None:
    """With thinking too: the provider refuses a call whose signed thought did not come back."""
    said = _good(heard, name)
    cities = [call["arguments"] for call in said["calls"]]
    assert cities == [{"city": "Paris"}, {"city": "Rome"}]
    assert said["then"]


@_cases("schema")
def test_an_answer_fits_its_schema(heard: dict[str, Any], name: str) -> None:
    jsonschema.validate(json.loads(_good(heard, name)["text"]), _SCHEMA)


@_cases("image")
def test_a_picture_is_seen(heard: dict[str, Any], name: str) -> None:
    """The provider refuses what is no picture."""
    assert _good(heard, name)["text"] == "a dot"


@_cases("refused", "busy")
def test_a_refusal_is_thrown_with_our_code(heard: dict[str, Any], name: str) -> None:
    error = heard[name]["error"]
    busy = name.startswith("busy")
    assert error["status"] == (503 if busy else 400)
    assert ("service_unavailable" if busy else "invalid_request") in error["text"]
    assert error["name"] in (_AWAY if busy else _BAD)


@_cases("broken", "cut")
def test_a_stream_that_breaks_throws(heard: dict[str, Any], name: str) -> None:
    assert "upstream_error" in heard[name]["error"]["text"]


@_cases("disconnect")
async def test_who_leaves_is_noticed(harness: Harness, heard: dict[str, Any], name: str) -> None:
    _good(heard, name)
    ends = {"openai": "left", "anthropic": "left", "google": "answered"}
    provider = name.split("-")[2]
    seen = await _entry(harness, CASES[name]["text"])
    for _ in range(100):
        if seen["outcome"] != "open":
            break
        await asyncio.sleep(0.02)
        seen = await _entry(harness, CASES[name]["text"])
    assert seen["outcome"] == ends[provider]


async def _entry(harness: Harness, text: str) -> dict[str, Any]:
    written = json.dumps(text)[1:-1]
    found = [e for e in await harness.journal(200) if written in json.dumps(e["body"])]
    return found[-1]
