"""The JavaScript SDKs from npm: node sends all requests at once, and these tests check the results.

Without node the tests are skipped, and the run says so; under CI that is a failure.
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
from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.received import PNG
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
    """A request that every surface gets in the same way, buffered and streamed."""

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
        "text": prompt(f"{kind}-{surface}-{provider}", **kind_case.directive),
    }
    | kind_case.fields
    for kind, kind_case in KINDS.items()
    for surface in SURFACES
    for provider, model in MODELS.items()
    for streamed in kind_case.modes
    if surface != "completions" or kind in _SIMPLE
}


@pytest.fixture(scope="module")
async def received(harness: Harness) -> dict[str, Any]:
    """The result of every case, by its name."""
    node = installed.javascript()
    if node is None:
        assert not os.environ.get("CI"), installed.NO_NODE
        pytest.skip(installed.NO_NODE)
    cases = [{"id": name} | case for name, case in CASES.items()]
    busy = [case for case in cases if case["id"].startswith("busy")]
    answers: dict[str, Any] = {}
    for surface in SURFACES:  # few at a time: a key that fails five times is left alone for a while
        answers |= await _send(node, harness, [c for c in busy if c["surface"] == surface])
        await harness.reset_circuits()
    return answers | await _send(node, harness, [case for case in cases if case not in busy])


async def _send(node: str, harness: Harness, cases: list[dict[str, Any]]) -> dict[str, Any]:
    running = await asyncio.create_subprocess_exec(
        node,
        str(installed.JAVASCRIPT / "run.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    table = {"url": harness.testbed.url, "key": token("A"), "cases": cases}
    output, errors = await running.communicate(json.dumps(table).encode())
    assert running.returncode == 0, errors.decode()
    answer: dict[str, Any] = json.loads(output)
    return answer


def _cases(*kinds: str) -> pytest.MarkDecorator:
    names = [name for name in CASES if name.split("-")[0] in kinds]
    return pytest.mark.parametrize("name", names)


def _good(received: dict[str, Any], name: str) -> Any:
    assert "error" not in received[name], received[name]["error"]
    return received[name]


@_cases("answer")
def test_an_answer_arrives_with_its_cost(received: dict[str, Any], name: str) -> None:
    answer = _good(received, name)
    assert answer["text"] == "one two three"
    assert answer["output"] >= 3
    if CASES[name]["surface"] != "generate":  # which keeps no field that it does not know
        assert answer["used"] == answer["deducted"] == answer["prompt"] + answer["output"]


@_cases("tools", "thinking")
def test_parallel_tools_are_called_and_answered(received: dict[str, Any], name: str) -> None:
    """With thinking, too: the provider refuses a call whose signed thought did not come back."""
    answer = _good(received, name)
    cities = [call["arguments"] for call in answer["calls"]]
    assert cities == [{"city": "Paris"}, {"city": "Rome"}]
    assert answer["then"]


@_cases("schema")
def test_an_answer_fits_its_schema(received: dict[str, Any], name: str) -> None:
    jsonschema.validate(json.loads(_good(received, name)["text"]), _SCHEMA)


@_cases("image")
def test_an_image_reaches_the_provider(received: dict[str, Any], name: str) -> None:
    """The provider refuses what is not an image."""
    assert _good(received, name)["text"] == "a dot"


@_cases("refused", "busy")
def test_an_error_is_thrown_with_our_code(received: dict[str, Any], name: str) -> None:
    error = received[name]["error"]
    busy = name.startswith("busy")
    assert error["status"] == (503 if busy else 400)
    assert ("service_unavailable" if busy else "invalid_request") in error["text"]
    assert error["name"] in (_AWAY if busy else _BAD)


@_cases("broken", "cut")
def test_a_stream_that_breaks_throws(received: dict[str, Any], name: str) -> None:
    assert "upstream_error" in received[name]["error"]["text"]


@_cases("disconnect")
async def test_a_disconnect_is_noticed(
    harness: Harness, received: dict[str, Any], name: str
) -> None:
    _good(received, name)
    ends = {"openai": "left", "anthropic": "left", "google": "answered"}
    provider = name.split("-")[2]
    entry = await _entry(harness, CASES[name]["text"])
    for _ in range(100):
        if entry["outcome"] != "open":
            break
        await asyncio.sleep(0.02)
        entry = await _entry(harness, CASES[name]["text"])
    assert entry["outcome"] == ends[provider]


async def _entry(harness: Harness, text: str) -> dict[str, Any]:
    written = json.dumps(text)[1:-1]
    found = [e for e in await harness.journal(200) if written in json.dumps(e["body"])]
    return found[-1]
