"""Folds the events of a streamed message into the message they tell of. Unknown fields survive.

Source: Anthropic API reference, "Streaming Messages"; the rule is that of Anthropic's own SDKs.
"""

import json
from typing import Any

Body = dict[str, Any]
_GROWN = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
}


def message(frames: list[Body]) -> Body:
    """The whole message; what is missing because the stream was stopped stays as it began."""
    whole: Body = {"type": "message", "role": "assistant", "content": []}
    blocks: dict[int, Body] = {}
    for frame in frames:
        match frame.get("type"):
            case "message_start":
                whole = frame["message"]
            case "content_block_start":
                blocks[frame["index"]] = dict(frame["content_block"])
            case "content_block_delta":
                _grow(blocks.get(frame["index"]), frame["delta"])
            case "message_delta":
                _end(whole, frame)
    whole["content"] = [_closed(blocks[index]) for index in sorted(blocks)]
    whole["stop_reason"] = whole.get("stop_reason") or "max_tokens"
    return whole


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
    """A tool's input came as pieces of JSON; cut short, it is what it began as."""
    text = block.pop("partial_json", "")
    if text.strip():
        try:
            block["input"] = json.loads(text)
        except ValueError:
            block.setdefault("input", {})
    return block


def _end(whole: Body, frame: Body) -> None:
    whole.update(frame.get("delta") or {})
    whole["usage"] = (whole.get("usage") or {}) | (frame.get("usage") or {})
    whole.update({k: v for k, v in frame.items() if k not in ("type", "delta", "usage")})
