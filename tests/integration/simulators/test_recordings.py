"""Compares recorded streams with simulated ones: the same events with the same fields.

Each recording is compared with the simulated answer to a request of its kind. A field that only one
of the two has is listed with its reason, or the test fails. Recordings of what is not simulated are
listed, too.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.simulators.conftest import Provider, say
from tests.integration.simulators.test_anthropic import THINKING, UNBOUNDED
from tests.integration.simulators.test_openai_chat import SCHEMA

WIRE = Path(__file__).parents[4] / "shared" / "wire"

NOT_SIMULATED = {
    "azure-model-router": "another vendor's filter results",
    "code-execution": "tools that the vendor runs itself",
    "web-search": "tools that the vendor runs itself",
    "anthropic-mcp": "tools that the vendor runs itself",
    "local-shell": "tools that the vendor runs itself",
    "custom-tool": "a tool call without JSON, that no other vendor has",
    "parallel-tool-call-wrapper": "a fault of one model, imitated by nobody",
    "anthropic-fallback": "a beta in which one model steps in for another",
    "message-delta-input-tokens": "not the vendor: somebody who speaks like it",
    "openai-phase": "cut down by its recorder to few fields",
    "refusal-no-details": "the same refusal, cut down",
}
OPAQUE = {"input", "args", "parameters", "format"}
"""Below these is what the caller or the model made up."""

DIFFERENT = {
    "inference_geo": "older recordings do not have it yet",
    "stop_sequence": "one recording was made before it was always sent",
    "context_management": "comes with a beta that is not simulated",
    "applied_edits": "comes with a beta that is not simulated",
}
"""Fields, by their last name, that a recording and an answer of today need not share."""

CLAUDE: dict[str, Any] = {"model": "claude-opus-4-5-20251101", "max_tokens": 3000}
TOOL: Any = {"name": "weather", "input_schema": SCHEMA}
FUNCTION: Any = {"type": "function", "name": "calculator", "parameters": SCHEMA, "strict": True}
DECLARED: Any = {"functionDeclarations": [{"name": "weather", "parametersJsonSchema": SCHEMA}]}


def user(**reported: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": say(**reported)}]}


def contents(**reported: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"text": say(**reported)}]}]}


REQUESTS: dict[str, dict[str, Any]] = {
    "openai-text": {"model": "gpt-4.1-nano"} | user(),
    "reasoning-model-legacy": {"model": "o4-mini", "max_tokens": 5} | user(),
    "openai-completion-text": {"model": "gpt-3.5-turbo-instruct", "prompt": "hi"},
    "openai-reasoning-encrypted": {
        "model": "gpt-5",
        "input": say(tool={"name": "calculator", "arguments": {"a": 1}}, text="so"),
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"effort": "high", "summary": "detailed"},
        "tools": [FUNCTION | {"description": "x"}],
    },
    "openai-reasoning-encrypted-content.1.json": {
        "model": "gpt-5",
        "input": say(),
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"effort": "high", "summary": "detailed"},
        "tools": [FUNCTION | {"description": "x"}],
    },
    "openai-error.1.chunks": {"model": "gpt-5", "input": say(error_at_frame=3)},
    "openai-error.1.json": {"model": "gpt-5", "input": say(error="quota")},
    "reasoning-model-temperature": {"model": "o4-mini", "temperature": 0.5, "input": "hi"},
    "anthropic-text": CLAUDE | user(),
    "anthropic-tool-no-args": CLAUDE | user(text="x", tool={"name": "f"}),
    "anthropic-json-tool": CLAUDE | user(calls=1) | {"tools": [TOOL]},
    "anthropic-json-output": CLAUDE
    | user()
    | {"output_config": {"format": {"type": "json_schema", "schema": UNBOUNDED}}},
    "anthropic-clear-thinking": CLAUDE | user() | {"thinking": THINKING},
    "anthropic-claude-opus-5-reasoning": CLAUDE
    | user()
    | {"model": "claude-opus-5", "thinking": {"type": "adaptive"}},
    "anthropic-refusal": CLAUDE | user(refusal="I must not."),
    "google-text": contents(),
    "google-reasoning": contents(),
    "google-tool-call": contents(calls=1) | {"tools": [DECLARED]},
    "google-429": contents(status=429),
}


def _known(name: str, table: dict[str, Any]) -> str | None:
    """The longest entry that the recording's name contains."""
    return max((each for each in table if each in name), key=len, default=None)


RECORDED = [each for each in sorted(WIRE.glob("*/*")) if each.parent.name != "openai_compatible"]
KNOWN = [each for each in RECORDED if not _known(each.name, NOT_SIMULATED)]


def test_every_recording_is_compared_or_left_out_for_a_reason() -> None:
    assert [each.name for each in KNOWN if not _known(each.name, REQUESTS)] == []


@pytest.mark.parametrize("recording", KNOWN, ids=lambda path: path.name)
async def test_the_fields_are_the_vendors(provider: Provider, recording: Path) -> None:
    streamed = recording.name.endswith(".chunks.txt")
    key = _known(recording.name, REQUESTS)
    assert key is not None
    answered = await _answer(provider, recording.parent.name, REQUESTS[key], streamed)
    ours, theirs = _shape(answered), _shape(_payloads(recording, streamed))
    assert ours.keys() == theirs.keys()
    for kind, fields in theirs.items():
        differing = {
            path for path in fields ^ ours[kind] if path.rpartition(".")[2] not in DIFFERENT
        }
        assert (kind, differing) == (kind, set())


async def _answer(
    provider: Provider, folder: str, body: dict[str, Any], streamed: bool
) -> list[Any]:
    path = {
        "anthropic": "/v1/messages",
        "openai_chat": "/v1/chat/completions",
        "openai_completions": "/v1/completions",
        "openai_responses": "/v1/responses",
        "google": "/v1beta/models/gemini-3-pro-preview:generateContent",
    }[folder]
    if folder == "google" and streamed:
        path = path.replace("generate", "streamGenerate") + "?alt=sse"
    elif streamed:
        body = body | {"stream": True}
        if folder in ("openai_chat", "openai_completions"):
            body = body | {"stream_options": {"include_usage": True}}
    _, _, answer = await provider.post(path, body)
    if not isinstance(answer, str):
        return [answer]
    lines = (line[5:].strip() for line in answer.splitlines() if line.startswith("data:"))
    return [json.loads(line) for line in lines if line != "[DONE]"]


def _payloads(recording: Path, streamed: bool) -> list[Any]:
    text = recording.read_text()
    if not streamed:
        return [json.loads(text)]
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _shape(payloads: list[Any]) -> dict[str, set[str]]:
    """The paths of all fields, by the type of the event."""
    found: dict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        kind = payload.get("type") or "chunk"
        found[kind] |= set(_paths(payload, "$"))
    return found


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        named = isinstance(value.get("type"), str) and path not in ("$", "$.error")
        mark = f"<{value['type']}>" if named else ""
        for key, inner in value.items():
            yield f"{path}{mark}.{key}"
            if key not in OPAQUE:
                yield from _paths(inner, f"{path}{mark}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
