"""Google's older SDK over REST, which writes enums as numbers and streams as one JSON array."""

import asyncio
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.judges import installed
from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.received import PICTURE
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
    "plain": {"text": prompt(text="one two three")},
    "stream": {"text": prompt(text="one two three"), "streamed": True},
    "tools": {"text": prompt(**_CALLED), "tools": _TOOLS, "results": ["sunny", "rainy"]},
    "named": {"text": "hi", "tools": _TOOLS, "tool_config": _ANY, "results": ["sunny"]},
    "schema": {
        "text": "where?",
        "config": {"response_mime_type": "application/json", "response_schema": _SCHEMA},
    },
    "system": {"text": prompt(text="so"), "system": "be brief"},
    "image": {"text": prompt(text="a dot"), "picture": PICTURE.base64},
    "counting": {"text": "how long is this?", "counts": True},
    "limits": {"text": prompt(frames=40), "config": {"max_output_tokens": 16, "temperature": 0.5}},
    "refused": {"text": prompt(status=400)},
    "busy": {"text": prompt(status=429, retry_after=9)},
    "broken": {"text": prompt(frames=20, frame_delay_ms=3, error_at_frame=9), "streamed": True},
}
PROVIDERS = MODELS | {"google": "gemini-older"}
"""This SDK loses the signatures of thoughts, without which newer models refuse a second turn."""

CASES: dict[str, dict[str, Any]] = {
    f"{kind}-{provider}": {"model": model, "streamed": False} | case
    for kind, case in _KINDS.items()
    for provider, model in PROVIDERS.items()
}


@pytest.fixture(scope="module")
async def received(harness: Harness) -> dict[str, Any]:
    """The result of every case, by its name."""
    running = await asyncio.create_subprocess_exec(
        str(installed.old_google()),
        "-W",
        "ignore",
        str(_PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    cases = [{"id": name} | case for name, case in CASES.items()]
    table = {"url": harness.testbed.url, "key": token("A"), "cases": cases}
    output, errors = await running.communicate(json.dumps(table).encode())
    await harness.reset_circuits()
    assert running.returncode == 0, errors.decode()
    answer: dict[str, Any] = json.loads(output)
    return answer


def _good(received: dict[str, Any], name: str) -> Any:
    assert "error" not in received[name], received[name]["error"]
    return received[name]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["plain", "stream"])
def test_an_answer_arrives(received: dict[str, Any], kind: str, provider: str) -> None:
    answer = _good(received, f"{kind}-{provider}")
    assert (answer["text"], answer["reason"]) == ("one two three", "STOP")
    assert answer["prompt"] > 0
    assert answer["output"] >= 3


@pytest.mark.parametrize("provider", PROVIDERS)
def test_parallel_tools_are_called_and_answered(received: dict[str, Any], provider: str) -> None:
    """This SDK has no ids: calls and results are matched by name and order."""
    answer = _good(received, f"tools-{provider}")
    assert [call["arguments"]["city"] for call in answer["calls"]] == ["Paris", "Rome"]
    assert answer["then"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_tool_that_is_named_is_called(received: dict[str, Any], provider: str) -> None:
    answer = _good(received, f"named-{provider}")
    assert [call["name"] for call in answer["calls"]] == ["weather"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_fits_its_schema(received: dict[str, Any], provider: str) -> None:
    jsonschema.validate(json.loads(_good(received, f"schema-{provider}")["text"]), _SCHEMA)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_system_instructions_images_counts_and_limits(
    received: dict[str, Any], provider: str
) -> None:
    assert _good(received, f"system-{provider}")["text"] == "so"
    assert _good(received, f"image-{provider}")["text"] == "a dot"
    assert _good(received, f"counting-{provider}")["count"] > 0
    assert _good(received, f"limits-{provider}")["reason"] == "MAX_TOKENS"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("refused", "BadRequest", "invalid_request"),
        ("busy", "ServiceUnavailable", "service_unavailable"),
    ],
)
def test_a_refusal_is_the_sdks_own_exception(
    received: dict[str, Any], kind: str, name: str, code: str, provider: str
) -> None:
    error = received[f"{kind}-{provider}"]["error"]
    assert error["name"] == name
    assert code in error["text"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_breaks_is_not_taken_for_whole(
    received: dict[str, Any], provider: str
) -> None:
    """It drops errors inside a stream; but the finish reason is missing."""
    assert _good(received, f"broken-{provider}")["reason"] == "FINISH_REASON_UNSPECIFIED"
