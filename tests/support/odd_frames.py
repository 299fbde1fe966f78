"""Answers of every dialect with one thing in them that no provider should send, but may."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

Frames = list[dict[str, Any]]


def _chat(delta: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "c", "created": 1, "choices": [{"index": 0, "delta": delta}], **fields}


def _call(**fields: Any) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, **fields}]}


def _block(content_block: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": content_block}


def _delta(delta: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _candidate(parts: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": parts}
    return {"candidates": [{"index": 0, "content": content, **fields}], "responseId": "r"}


ANSWERS: dict[str, Frames] = {
    "chat": [
        _chat({"role": "assistant", "content": "a", "reasoning_content": "t"}),
        _chat(_call(id="call", type="function", function={"name": "f", "arguments": ""})),
        _chat(_call(function={"arguments": "{}"})),
        _chat({"content": "b"}, usage={"prompt_tokens": 3, "completion_tokens": 2}),
    ],
    "messages": [
        {"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 3}}},
        _block({"type": "thinking", "thinking": ""}),
        _delta({"type": "thinking_delta", "thinking": "t"}),
        _delta({"type": "signature_delta", "signature": "s"}),
        _block({"type": "text", "text": ""}, 1),
        _delta({"type": "text_delta", "text": "a"}, 1),
        _delta({"type": "citations_delta", "citation": {"cited_text": "c"}}, 1),
        _block({"type": "tool_use", "id": "t", "name": "f", "input": {}}, 2),
        _delta({"type": "input_json_delta", "partial_json": "{}"}, 2),
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}},
        {"type": "message_stop"},
    ],
    "generate": [
        _candidate([{"text": "t", "thought": True}, {"text": "a"}]),
        _candidate([{"text": "b"}, {"functionCall": {"name": "f", "args": {}}}]),
        _candidate([{"text": ""}], finishReason="STOP") | {"usageMetadata": {"totalTokenCount": 5}},
    ],
    "responses": [
        {"type": "response.created", "response": {"id": "r", "model": "m", "created_at": 1}},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message"}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "a"},
        {
            "type": "response.output_item.added",
            "output_index": 1,
            "item": {"type": "function_call", "call_id": "c", "name": "f"},
        },
        {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": "{}"},
        {"type": "response.completed", "response": {"id": "r", "usage": {"input_tokens": 3}}},
    ],
    "embeddings": [{"data": [{"embedding": [0.5]}], "usage": {"prompt_tokens": 3}}],
    "embed": [{"embedding": {"values": [0.5]}, "usageMetadata": {"promptTokenCount": 3}}],
}
"""By dialect: the frames of a sound answer."""

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@st.composite
def odd_frames(draw: st.DrawFn, dialect: str) -> list[bytes]:
    """The payloads of an answer with one value replaced or left out, anywhere."""
    frames: Any = copy.deepcopy(ANSWERS[dialect])
    holder, key = draw(st.sampled_from(_places(frames)))
    if isinstance(holder, dict) and draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = draw(_JSON)
    return [json.dumps(each).encode() for each in frames]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value, as the container and the key or index in it."""
    found = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found
