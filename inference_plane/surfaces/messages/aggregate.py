"""Aggregates the events of a streamed message, as Anthropic's SDKs do. Unknown fields are kept.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from typing import Any

from inference_plane.core import vendor_json

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
                result = frame["message"]
            case "content_block_start":
                blocks[frame["index"]] = dict(frame["content_block"])
            case "content_block_delta":
                _grow(blocks.get(frame["index"]), frame["delta"])
            case "message_delta":
                _end(result, frame)
    result["content"] = [_closed(blocks[index]) for index in sorted(blocks)]
    result["stop_reason"] = result.get("stop_reason") or "max_tokens"
    return result


def _grow(block: Body | None, delta: Body) -> None:
    if block is None:
        return
    kind = delta.get("type", "")
    if kind in _GROWN:
        field = _GROWN[kind]
        block[field] = (block.get(field) or "") + delta[field]
    elif kind == "signature_delta":
        block["signature"] = delta["signature"]
    elif kind == "citations_delta":
        block["citations"] = [*(block.get("citations") or ()), delta["citation"]]


def _closed(block: Body) -> Body:
    """A tool's input comes as pieces of JSON; if it was cut off, the first value stays."""
    text = block.pop("partial_json", "")
    if text.strip():
        block["input"] = vendor_json.read_arguments(text) or block.get("input", {})
    return block


def _end(result: Body, frame: Body) -> None:
    result.update(frame.get("delta") or {})
    result["usage"] = (result.get("usage") or {}) | (frame.get("usage") or {})
    result.update({k: v for k, v in frame.items() if k not in ("type", "delta", "usage")})
