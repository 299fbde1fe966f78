"""Reads Gemini's contents. What only Google's own servers can run or keep is refused by name."""

from typing import Any

import msgspec

from inference_plane.core import signatures
from inference_plane.core.prompt import Call, Media, Part, Result, Text, Thinking, Turn
from inference_plane.surfaces import reading
from inference_plane.surfaces.generate import HOME

_write = msgspec.json.Encoder().encode
_KEPT_AT_GOOGLE = "https://generativelanguage.googleapis.com/"


class _Inline(msgspec.Struct, rename="camel"):
    mime_type: str
    data: str


class _File(msgspec.Struct, rename="camel"):
    file_uri: str
    mime_type: str = ""


class _FunctionCall(msgspec.Struct):
    name: str
    args: dict[str, Any] = {}
    id: str | None = None


class _FunctionResponse(msgspec.Struct):
    name: str
    response: dict[str, Any] = {}
    id: str | None = None


class GenPart(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    inline_data: _Inline | None = None
    file_data: _File | None = None
    function_call: _FunctionCall | None = None
    function_response: _FunctionResponse | None = None


class Content(msgspec.Struct):
    parts: list[GenPart]
    role: str | None = None


class _Ids:
    """Gemini may name calls by their tool alone; the answers are matched in their order."""

    def __init__(self) -> None:
        self._made, self._open = 0, list[tuple[str, str]]()

    def call(self, call: _FunctionCall) -> str:
        self._made += 1
        made = call.id or f"call_{self._made}"
        self._open.append((call.name, made))
        return made

    def answer(self, answer: _FunctionResponse) -> str:
        if answer.id:
            return answer.id
        for place, (name, made) in enumerate(self._open):
            if name == answer.name:
                del self._open[place]
                return made
        return f"call_of_{answer.name}"


def read(contents: list[Content]) -> tuple[Turn, ...]:
    ids = _Ids()
    return tuple(
        Turn(
            "assistant" if content.role == "model" else "user",
            _sealed([each for part in content.parts for each in _parts(part, ids)]),
        )
        for content in contents
    )


def _parts(part: GenPart, ids: _Ids) -> list[Part]:
    origin, signature = signatures.unseal_bytes(part.thought_signature or "", HOME)
    if part.function_call is not None:
        call = part.function_call
        arguments = _write(call.args).decode()
        return [Call(ids.call(call), call.name, arguments, signature, origin * bool(signature))]
    if part.function_response is not None:
        return [_result(part.function_response, ids)]
    if part.inline_data is not None:
        return [_media(part.inline_data)]
    if part.file_data is not None:
        return [_file(part.file_data)]
    if part.thought:
        return [Thinking(part.text or "", signature, origin=origin)]
    said: list[Part] = [Text(part.text)] if part.text else []
    sealed: list[Part] = [Thinking("", signature, origin=origin)] if signature else []
    return sealed + said


def _sealed(parts: list[Part]) -> tuple[Part, ...]:
    """A streamed thought comes in pieces and its seal after them: here they are one again."""
    sealed: list[Part] = []
    for part in parts:
        last = sealed[-1] if sealed else None
        opens = isinstance(last, Thinking) and not (last.signature or last.redacted)
        if isinstance(part, Thinking) and isinstance(last, Thinking) and opens:
            text = last.text + part.text
            sealed[-1] = Thinking(text, part.signature, part.redacted, part.origin)
        else:
            sealed.append(part)
    return tuple(sealed)


def _result(answer: _FunctionResponse, ids: _Ids) -> Result:
    """One text under `output` or `error` is what it says; anything else is JSON."""
    body = answer.response
    if list(body) == ["error"] and isinstance(body["error"], str):
        return Result(ids.answer(answer), answer.name, (Text(body["error"]),), failed=True)
    only = body.get("output") if list(body) == ["output"] else None
    text = only if isinstance(only, str) else _write(body).decode()
    return Result(ids.answer(answer), answer.name, (Text(text),))


def _media(inline: _Inline) -> Media:
    """Google reads either alphabet of base64, and its SDK writes the one for URLs."""
    kind = inline.mime_type.partition("/")[0]
    data = signatures.standard(inline.data)
    if kind == "image":
        return Media("image", inline.mime_type, data=data)
    return Media("audio" if kind == "audio" else "file", inline.mime_type, data=data)


def _file(file: _File) -> Media:
    if file.file_uri.startswith(_KEPT_AT_GOOGLE) or file.file_uri.startswith("gs://"):
        raise reading.lost("contents", "a file kept at Google")
    kind = "image" if file.mime_type.startswith("image/") or not file.mime_type else "file"
    return Media("image" if kind == "image" else "file", file.mime_type, url=file.file_uri)
