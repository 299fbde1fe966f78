"""Reads Anthropic's content blocks. What only its own servers can run is refused by name.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages.
"""

from typing import Any, Literal

import msgspec

from inference_plane.core import signatures
from inference_plane.core.prompt import (
    Cache,
    Media,
    Part,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from inference_plane.surfaces import reading
from inference_plane.surfaces.messages import NATIVE_ORIGIN

_write = msgspec.json.Encoder().encode


class TextBlock(reading.Known, tag_field="type", tag="text"):
    text: str
    cache_control: Cache = None


class _Source(reading.Known):
    type: str
    media_type: str = ""
    data: str = ""
    url: str = ""


class ImageBlock(reading.Known, tag_field="type", tag="image"):
    source: _Source
    cache_control: Cache = None


class DocumentBlock(reading.Known, tag_field="type", tag="document"):
    source: _Source
    title: str | None = None
    context: str | None = None
    citations: dict[str, Any] | None = None
    cache_control: Cache = None


class ThinkingBlock(reading.Known, tag_field="type", tag="thinking"):
    thinking: str = ""
    signature: str = ""


class RedactedBlock(reading.Known, tag_field="type", tag="redacted_thinking"):
    data: str


class CallBlock(reading.Known, tag_field="type", tag="tool_use"):
    id: str
    name: str
    input: dict[str, Any]
    extra_content: dict[str, Any] | None = None
    cache_control: Cache = None


class ResultBlock(reading.Known, tag_field="type", tag="tool_result"):
    tool_use_id: str
    content: str | list[TextBlock | ImageBlock | DocumentBlock] | None = None
    is_error: bool | None = None
    cache_control: Cache = None


Block = (
    TextBlock | ImageBlock | DocumentBlock | ThinkingBlock | RedactedBlock | CallBlock | ResultBlock
)


class Message(reading.Known):
    role: Literal["user", "assistant", "system"]
    content: str | list[Block]


def read(messages: list[Message]) -> tuple[Turn, ...]:
    """The turns in their order. Raises InvalidRequest."""
    return tuple(_turn(message) for message in messages)


def _turn(message: Message) -> Turn:
    content = message.content
    if isinstance(content, str):
        parts: tuple[Part, ...] = (Text(content),)
    else:
        parts = tuple(_part(block) for block in content)
    if message.role == "system" and not all(isinstance(part, Text) for part in parts):
        raise reading.unsupported("messages", "other than text in a message of the role `system`")
    return Turn(message.role, parts)


def _part(block: Block) -> Part:
    match block:
        case TextBlock():
            return Text(block.text, block.cache_control)
        case ImageBlock():
            return _media(block)
        case DocumentBlock():
            return _document(block)
        case ThinkingBlock():
            origin, signature = signatures.unmark(block.signature, NATIVE_ORIGIN)
            return Thinking(block.thinking, signature, origin=origin)
        case RedactedBlock():
            origin, data = signatures.unmark(block.data, NATIVE_ORIGIN)
            return Thinking(redacted=data, origin=origin)
        case CallBlock():
            return _call(block)
        case ResultBlock():
            return _result(block)


def _media(block: ImageBlock) -> Media:
    source = block.source
    if source.type == "file":
        raise reading.unsupported("messages", "a file stored at Anthropic")
    return Media("image", source.media_type, source.data, source.url, cache=block.cache_control)


def _document(block: DocumentBlock) -> Part:
    source, name = block.source, block.title or ""
    if block.context or (block.citations or {}).get("enabled"):
        raise reading.unsupported("messages", "a document's `context` or `citations`")
    if source.type == "text":
        return Text(source.data, block.cache_control)
    if source.type not in ("base64", "url"):
        raise reading.unsupported("messages", f"a document as `{source.type}`")
    kind = source.media_type or "application/pdf"
    return Media("file", kind, source.data, source.url, name, cache=block.cache_control)


def _call(block: CallBlock) -> ToolCall:
    google = (block.extra_content or {}).get("google") or {}
    signature = google.get("thought_signature") or ""
    arguments = _write(block.input).decode()
    origin = "google" if signature else ""
    return ToolCall(block.id, block.name, arguments, signature, origin, block.cache_control)


def _result(block: ResultBlock) -> ToolResult:
    raw = block.content or ""
    content: tuple[Text | Media, ...] = (Text(raw),) if isinstance(raw, str) else ()
    if isinstance(raw, list):
        parts = [_part(each) for each in raw]
        content = tuple(part for part in parts if isinstance(part, Text | Media))
    return ToolResult(block.tool_use_id, "", content, bool(block.is_error), block.cache_control)
