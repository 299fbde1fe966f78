"""Writes the parts of a conversation as Anthropic's content blocks.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages; guide
https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking for the thoughts that must
come back unchanged.
"""

from collections.abc import Iterator
from typing import Any

from inference_plane.core.prompt import (
    Cache,
    Inexpressible,
    Media,
    Part,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from inference_plane.providers.anthropic import ORIGIN
from shared import json_values
from shared.errors import InvalidRequest

Block = dict[str, Any]


def system_of(texts: tuple[Text, ...]) -> list[Block] | None:
    return [_text(text) for text in texts] or None


def turn_of(turn: Turn) -> dict[str, Any]:
    """Results come first in a prompt, as Anthropic requires them right after their calls."""
    return {"role": turn.role, "content": [block for part in turn.parts for block in _blocks(part)]}


def _blocks(part: Part) -> Iterator[Block]:
    match part:
        case Text(text=text):
            if text:
                yield _text(part)
        case Refusal(text=text):
            yield {"type": "text", "text": text}
        case Media():
            yield _media(part)
        case Thinking():
            yield from _thinking(part)
        case ToolCall():
            yield _call(part)
        case ToolResult():
            yield _result(part)


def _text(text: Text) -> Block:
    return {"type": "text", "text": text.text} | _cached(text.cache)


def _cached(cache: Cache) -> Block:
    return {} if cache is None else {"cache_control": cache}


def _media(media: Media) -> Block:
    if media.kind == "audio":
        raise Inexpressible("messages", "sound")
    source: Block = {"type": "base64", "media_type": media.media_type, "data": media.data}
    if media.url:
        source = {"type": "url", "url": media.url}
    elif media.media_type.startswith("text/"):
        raise Inexpressible("messages", "a text file as data: send it as text")
    kind = "image" if media.kind == "image" else "document"
    title = {"title": media.name} if media.name and kind == "document" else {}
    return {"type": kind, "source": source} | title | _cached(media.cache)


def _thinking(thought: Thinking) -> Iterator[Block]:
    """Only Anthropic's own thoughts are sent back to it: it would refuse others."""
    if thought.origin != ORIGIN:
        return
    if thought.redacted:
        yield {"type": "redacted_thinking", "data": thought.redacted}
    else:
        yield {"type": "thinking", "thinking": thought.text, "signature": thought.signature}


def _call(call: ToolCall) -> Block:
    try:
        arguments = json_values.decode(call.arguments.encode()) if call.arguments.strip() else {}
    except InvalidRequest as error:
        raise Inexpressible("messages", "a tool call whose arguments are not JSON") from error
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": arguments} | _cached(
        call.cache
    )


def _result(result: ToolResult) -> Block:
    content = [block for part in result.content for block in _blocks(part)]
    written: Block = {"type": "tool_result", "tool_use_id": result.id, "content": content}
    if result.failed:
        written["is_error"] = True
    return written | _cached(result.cache)
