"""Aggregates the events of a streamed message, as Anthropic's SDKs do. Unknown fields are kept.

What is not of the expected type is left out: nothing in an answer may fail it.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from typing import Any

from inference_plane.core import vendor_json
from inference_plane.core.vendor_json import as_index, as_object, as_text, objects_in

Body = dict[str, Any]
_GROWN = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
}


def message(frames: list[Body]) -> Body:
    """The message. Where the stream was cut off, a field keeps its first value."""
    result: Body = {"type": "message", "role": "assistant", "content": []}
    blocks: dict[int, Body] = {}
    for frame in frames:
        match frame.get("type"):
            case "message_start":
                result = as_object(frame.get("message"))
            case "content_block_start":
                blocks[as_index(frame.get("index"))] = dict(as_object(frame.get("content_block")))
            case "content_block_delta":
                _grow(blocks.get(as_index(frame.get("index"))), as_object(frame.get("delta")))
            case "message_delta":
                _end(result, frame)
    result["content"] = [_closed(blocks[index]) for index in sorted(blocks)]
    result["stop_reason"] = result.get("stop_reason") or "max_tokens"
    return result


def _grow(block: Body | None, delta: Body) -> None:
    if block is None:
        return
    kind = as_text(delta.get("type"))
    if kind in _GROWN:
        field = _GROWN[kind]
        block[field] = as_text(block.get(field)) + as_text(delta.get(field))
    elif kind == "signature_delta":
        block["signature"] = as_text(delta.get("signature"))
    elif kind == "citations_delta":
        block["citations"] = [*objects_in(block.get("citations")), as_object(delta.get("citation"))]


def _closed(block: Body) -> Body:
    """A tool's input comes as pieces of JSON; if it was cut off, the first value stays."""
    text = as_text(block.pop("partial_json", ""))
    if text.strip():
        block["input"] = vendor_json.read_arguments(text) or block.get("input", {})
    return block


def _end(result: Body, frame: Body) -> None:
    result.update(as_object(frame.get("delta")))
    result["usage"] = as_object(result.get("usage")) | as_object(frame.get("usage"))
    result.update({k: v for k, v in frame.items() if k not in ("type", "delta", "usage")})
