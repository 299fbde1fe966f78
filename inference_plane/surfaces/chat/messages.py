"""Reads the messages of a chat request: parts, calls, results, and returned thoughts.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/create; for
signatures of calls, https://ai.google.dev/gemini-api/docs/openai.
"""

from typing import Any

from inference_plane.core import conversation
from inference_plane.core.prompt import (
    Cache,
    Media,
    Part,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from inference_plane.surfaces import data_urls, reading
from inference_plane.surfaces.chat.origins import origin_of


class TextPart(reading.Known, tag_field="type", tag="text"):
    text: str
    cache_control: Cache = None


class RefusalPart(reading.Known, tag_field="type", tag="refusal"):
    refusal: str


class _Url(reading.Known):
    url: str
    detail: str | None = None


class ImagePart(reading.Known, tag_field="type", tag="image_url"):
    image_url: _Url
    cache_control: Cache = None


class _Sound(reading.Known):
    data: str
    format: str


class AudioPart(reading.Known, tag_field="type", tag="input_audio"):
    input_audio: _Sound


class _File(reading.Known):
    file_data: str | None = None
    filename: str | None = None
    file_id: str | None = None


class FilePart(reading.Known, tag_field="type", tag="file"):
    file: _File
    cache_control: Cache = None


_Part = TextPart | RefusalPart | ImagePart | AudioPart | FilePart


class _Function(reading.Known):
    name: str
    arguments: str = ""


class _ToolCall(reading.Known):
    id: str
    function: _Function | None = None
    type: str = "function"
    extra_content: dict[str, Any] | None = None


class _Detail(reading.Known):
    type: str = ""
    text: str | None = None
    signature: str | None = None
    data: str | None = None
    format: str | None = None
    summary: str | None = None
    id: str | None = None
    index: int | None = None


class Message(reading.Known):
    role: str
    content: str | list[_Part] | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None
    tool_call_id: str | None = None
    reasoning_details: list[_Detail] | None = None


def read(messages: list[Message]) -> tuple[tuple[Text, ...], tuple[Turn, ...]]:
    """The system texts at the start, and the turns in their order. Raises InvalidRequest."""
    system: list[Text] = []
    turns: list[Turn] = []
    for message in messages:
        parts = _parts(message)
        if message.role in ("system", "developer"):
            conversation.instruct(system, turns, parts)
        elif message.role == "assistant":
            turns.append(Turn("assistant", (*_thoughts(message), *parts, *_calls(message))))
        elif message.role == "tool":
            content = tuple(part for part in parts if isinstance(part, Text | Media))
            turns.append(Turn("user", (ToolResult(message.tool_call_id or "", "", content),)))
        elif message.role == "user":
            turns.append(Turn("user", parts))
        else:
            raise reading.unsupported("messages", f"the role `{message.role}`")
    return tuple(system), tuple(turns)


def _parts(message: Message) -> tuple[Part, ...]:
    refusal: tuple[Part, ...] = (Refusal(message.refusal),) if message.refusal else ()
    if isinstance(message.content, str):
        return (Text(message.content), *refusal) if message.content else refusal
    return (*(_part(part) for part in message.content or ()), *refusal)


def _part(part: _Part) -> Part:
    match part:
        case TextPart():
            return Text(part.text, part.cache_control)
        case RefusalPart():
            return Refusal(part.refusal)
        case AudioPart():
            sound = part.input_audio
            kind = "audio/mpeg" if sound.format == "mp3" else f"audio/{sound.format}"
            return Media("audio", kind, data=sound.data)
        case FilePart():
            return _file(part.file, part.cache_control)
        case ImagePart():
            own = part.image_url
            return data_urls.media(
                "image", own.url, "messages", detail=own.detail or "", cache=part.cache_control
            )


def _file(file: _File, cache: Cache) -> Media:
    if not file.file_data:
        raise reading.unsupported("messages", "a file stored at OpenAI")
    return data_urls.media(
        "file", file.file_data, "messages", name=file.filename or "", cache=cache
    )


def _calls(message: Message) -> tuple[ToolCall, ...]:
    return tuple(_call(call) for call in message.tool_calls or ())


def _call(call: _ToolCall) -> ToolCall:
    if call.function is None:
        raise reading.unsupported("messages", f"a call of type `{call.type}`")
    google = (call.extra_content or {}).get("google") or {}
    signature = google.get("thought_signature") or ""
    return ToolCall(
        call.id, call.function.name, call.function.arguments, signature, "google" * bool(signature)
    )


def _thoughts(message: Message) -> tuple[Thinking, ...]:
    """A thought without a signature is left out: no provider accepts it."""
    return tuple(
        Thinking(each.text or "", each.signature or "", each.data or "", origin_of(each.format))
        for each in message.reasoning_details or ()
        if each.signature or each.data
    )
