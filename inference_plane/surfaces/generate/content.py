"""Reads Gemini's contents. What only Google's own servers can run or keep is refused by name.

Source: Gemini API reference, https://ai.google.dev/api/caching, "Content", "Part".
"""

from typing import Any

import msgspec

from inference_plane.core import signatures
from inference_plane.core.prompt import Media, Part, Text, Thinking, ToolCall, ToolResult, Turn
from inference_plane.surfaces import reading
from inference_plane.surfaces.generate import NATIVE_ORIGIN

_write = msgspec.json.Encoder().encode
_STORED_AT_GOOGLE = "https://generativelanguage.googleapis.com/"


class _Inline(reading.Known, rename="camel"):
    mime_type: str
    data: str


class _File(reading.Known, rename="camel"):
    file_uri: str
    mime_type: str = ""


class _FunctionCall(reading.Known):
    name: str
    args: dict[str, Any] = msgspec.field(default_factory=dict)
    id: str | None = None


class _ResponsePart(reading.Known, rename="camel"):
    inline_data: _Inline | None = None
    file_data: _File | None = None


class _FunctionResponse(reading.Known):
    """`parts`: pictures and documents beside the response."""

    name: str
    response: dict[str, Any] = msgspec.field(default_factory=dict)
    id: str | None = None
    parts: list[_ResponsePart] = msgspec.field(default_factory=list)


class GenPart(reading.Known, rename="camel"):
    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    inline_data: _Inline | None = None
    file_data: _File | None = None
    function_call: _FunctionCall | None = None
    function_response: _FunctionResponse | None = None


class Content(reading.Known):
    parts: list[GenPart]
    role: str | None = None


def read(contents: list[Content]) -> tuple[Turn, ...]:
    """The turns in their order. Raises InvalidRequest for what only Google can run or keep."""
    return tuple(
        Turn(
            "assistant" if content.role == "model" else "user",
            _join_thoughts([each for part in content.parts for each in _parts(part)]),
        )
        for content in contents
    )


def _parts(part: GenPart) -> list[Part]:
    origin, signature = signatures.unmark_base64(part.thought_signature or "", NATIVE_ORIGIN)
    if part.function_call is not None:
        call = part.function_call
        arguments = _write(call.args).decode()
        return [ToolCall(call.id or "", call.name, arguments, signature, origin * bool(signature))]
    if part.function_response is not None:
        return [_result(part.function_response)]
    if part.inline_data is not None:
        return [_media(part.inline_data)]
    if part.file_data is not None:
        return [_file(part.file_data)]
    if part.thought:
        return [Thinking(part.text or "", signature, origin=origin)]
    texts: list[Part] = [Text(part.text)] if part.text else []
    signed: list[Part] = [Thinking("", signature, origin=origin)] if signature else []
    return signed + texts


def _join_thoughts(parts: list[Part]) -> tuple[Part, ...]:
    """Joins the pieces of a streamed thought with the signature that follows them."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        opens = isinstance(last, Thinking) and not (last.signature or last.redacted)
        if isinstance(part, Thinking) and isinstance(last, Thinking) and opens:
            text = last.text + part.text
            joined[-1] = Thinking(text, part.signature, part.redacted, part.origin)
        else:
            joined.append(part)
    return tuple(joined)


def _result(answer: _FunctionResponse) -> ToolResult:
    """A single string under `output` or `error` becomes the text; anything else becomes JSON."""
    body = answer.response
    key = next(iter(body)) if len(body) == 1 else ""
    only = body[key] if key in ("output", "error") else None
    text = only if isinstance(only, str) else _write(body).decode()
    media = [_inner(part) for part in answer.parts]
    failed = key == "error" and isinstance(only, str)
    return ToolResult(answer.id or "", answer.name, (Text(text), *media), failed)


def _inner(part: _ResponsePart) -> Media:
    if part.inline_data is not None:
        return _media(part.inline_data)
    if part.file_data is not None:
        return _file(part.file_data)
    raise reading.unsupported("contents", "a part of a `functionResponse` without data")


def _media(inline: _Inline) -> Media:
    """Google accepts both base64 alphabets (RFC 4648), and its SDK writes the URL-safe one."""
    kind = inline.mime_type.partition("/")[0]
    data = signatures.standard_base64(inline.data)
    if kind == "image":
        return Media("image", inline.mime_type, data=data)
    return Media("audio" if kind == "audio" else "file", inline.mime_type, data=data)


def _file(file: _File) -> Media:
    if file.file_uri.startswith(_STORED_AT_GOOGLE) or file.file_uri.startswith("gs://"):
        raise reading.unsupported("contents", "a file stored at Google")
    kind = "image" if file.mime_type.startswith("image/") or not file.mime_type else "file"
    return Media("image" if kind == "image" else "file", file.mime_type, url=file.file_uri)
