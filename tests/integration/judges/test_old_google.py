"""Google's older SDK over REST, which writes enums as numbers and streams as one JSON array."""

import asyncio
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.judges import installed
from tests.support.judges.harness import MODELS, Harness, told
from tests.support.judges.heard import PICTURE
from tests.support.testbed import token

_PROGRAM = Path(installed.__file__).with_name("old_google.py")
_WEATHER = {
    "name": "weather",
    "description": "what it is like",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
_TOOLS = [{"function_declarations": [_WEATHER]}]
_CALLED = {
    "tools": [{"name": "weather", "arguments": {"city": city}} for city in ("Paris", "Rome")]
}
_ANY = {"function_calling_config": {"mode": "any", "allowed_function_names": ["weather"]}}
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
}
_KINDS: dict[str, dict[str, Any]] = {
    "plain": {"text": told(text="one two three")},
    "stream": {"text": told(text="one two three"), "streamed": True},
    "tools": {"text": told(**_CALLED), "tools": _TOOLS, "results": ["sunny", "rainy"]},
    "named": {"text": "hi", "tools": _TOOLS, "tool_config": _ANY, "results": ["sunny"]},
    "schema": {
        "text": "where?",
        "config": {"response_mime_type": "application/json", "response_schema": _SCHEMA},
    },
    "system": {"text": told(text="so"), "system": "be brief"},
    "image": {"text": told(text="a dot"), "picture": PICTURE.base64},
    "counting": {"text": "how long is this?", "counts": True},
    "limits": {"text": told(frames=40), "config": {"max_output_tokens": 16, "temperature": 0.5}},
    "refused": {"text": told(status=400)},
    "busy": {"text": told(status=429, retry_after=9)},
    "broken": {"text": told(frames=20, frame_delay_ms=3, error_at_frame=9), "streamed": True},
}
PROVIDERS = MODELS | {"google": "gemini-older"}
"""This SDK loses the signatures of thoughts, without which newer models refuse a second turn."""

CASES: dict[str, dict[str, Any]] = {
    f"{kind}-{provider}": {"model": model, "streamed": False} | asked
    for kind, asked in _KINDS.items()
    for provider, model in PROVIDERS.items()
}


@pytest.fixture(scope="module")
async def heard(harness: Harness) -> dict[str, Any]:
    """What every case has heard, by its name."""
    running = await asyncio.create_subprocess_exec(
        *(str(installed.old_google()), "-W", "ignore", str(_PROGRAM)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    cases = [{"id": name} | case for name, case in CASES.items()]
    table = {"url": harness.testbed.url, "key": token("A"), "cases": cases}
    said, complaint = await running.communicate(json.dumps(table).encode())
    await harness.reset_circuits()
    assert running.returncode == 0, complaint.decode()
    answer: dict[str, Any] = json.loads(said)
    return answer


def _good(heard: dict[str, Any], name: str) -> Any:
    assert "error" not in heard[name], heard[name]["error"]
    return heard[name]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["plain", "stream"])
def test_an_answer_is_heard(heard: dict[str, Any], kind: str, provider: str) -> None:
    said = _good(heard, f"{kind}-{provider}")
    assert (said["text"], said["reason"]) == ("one two three", "STOP")
    assert said["prompt"] > 0
    assert said["output"] >= 3


@pytest.mark.parametrize("provider", PROVIDERS)
def test_parallel_tools_are_called_and_answered(heard: dict[str, Any], provider: str) -> None:
    """This SDK knows no ids: calls and answers are matched by name and order."""
    said = _good(heard, f"tools-{provider}")
    assert [call["arguments"]["city"] for call in said["calls"]] == ["Paris", "Rome"]
    assert said["then"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_tool_that_is_named_is_called(heard: dict[str, Any], provider: str) -> None:
    said = _good(heard, f"named-{provider}")
    assert [call["name"] for call in said["calls"]] == ["weather"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_fits_its_schema(heard: dict[str, Any], provider: str) -> None:
    jsonschema.validate(json.loads(_good(heard, f"schema-{provider}")["text"]), _SCHEMA)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_else_it_can_ask(heard: dict[str, Any], provider: str) -> None:
    assert _good(heard, f"system-{provider}")["text"] == "so"
    assert _good(heard, f"image-{provider}")["text"] == "a dot"
    assert _good(heard, f"counting-{provider}")["count"] > 0
    assert _good(heard, f"limits-{provider}")["reason"] == "MAX_TOKENS"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("refused", "BadRequest", "invalid_request"),
        ("busy", "ServiceUnavailable", "service_unavailable"),
    ],
)
def test_a_refusal_is_the_sdks_own_exception(
    heard: dict[str, Any], kind: str, name: str, code: str, provider: str
) -> None:
    error = heard[f"{kind}-{provider}"]["error"]
    assert error["name"] == name
    assert code in error["text"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_breaks_is_not_taken_for_whole(heard: dict[str, Any], provider: str) -> None:
    """It drops errors that come inside a stream; what it can't find is a reason why it ended."""
    assert _good(heard, f"broken-{provider}")["reason"] == "FINISH_REASON_UNSPECIFIED"
