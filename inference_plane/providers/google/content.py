"""Writes the parts of a conversation as Gemini's contents.

Source: Gemini API reference, https://ai.google.dev/api/caching, "Content"; and
https://ai.google.dev/gemini-api/docs/thought-signatures for what must come back with a call;
ids of calls, https://ai.google.dev/gemini-api/docs/function-calling.
"""

import mimetypes
from collections.abc import Iterator
from typing import Any

from inference_plane.core import web_address
from inference_plane.core.prompt import (
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
from inference_plane.providers.google import ORIGIN, families
from shared import json_values
from shared.errors import InvalidRequest

_Written = dict[str, Any]
FOREIGN_CALL = "skip_thought_signature_validator"
"""The signature that Google documents for a call that Gemini did not make itself."""


def turns_of(turns: tuple[Turn, ...], model: str) -> list[_Written]:
    """Calls have ids from Gemini 3 on; before it they are matched by their order."""
    written = [
        {
            "role": "model" if turn.role == "assistant" else "user",
            "parts": _turn(turn) or [{"text": ""}],
        }
        for turn in turns
    ]
    if families.takes_call_ids(model):
        return written
    return [_without_ids(each) for each in written]


def _without_ids(content: _Written) -> _Written:
    for part in content["parts"]:
        for name in ("functionCall", "functionResponse"):
            part.get(name, {}).pop("id", None)
    return content


def _turn(turn: Turn) -> list[_Written]:
    """The first call of a turn must have a signature; parallel ones need none."""
    written = [each for part in turn.parts for each in _parts(part)]
    first = next((each for each in written if "functionCall" in each), None)
    if first is not None:
        first.setdefault("thoughtSignature", FOREIGN_CALL)
    return written


def _parts(part: Part) -> Iterator[_Written]:
    match part:
        case Text(text=text) | Refusal(text=text):
            yield {"text": text}
        case Media():
            yield _media(part)
        case Thinking(signature=signature, origin=origin) if origin == ORIGIN and signature:
            own: _Written = {"text": part.text, "thoughtSignature": signature}
            yield own | ({"thought": True} if part.text else {})
        case ToolCall():
            yield _call(part)
        case ToolResult():
            yield _result(part)
            yield from (_media(each) for each in part.content if isinstance(each, Media))


def _media(media: Media) -> _Written:
    if media.url:
        if not web_address.is_public(media.url):
            raise Inexpressible("messages", "a file stored at Google, or an address not on the web")
        kind = media.media_type or mimetypes.guess_type(media.url)[0] or "image/jpeg"
        return {"fileData": {"fileUri": media.url, "mimeType": kind}}
    return {"inlineData": {"mimeType": media.media_type, "data": media.data}}


def _call(call: ToolCall) -> _Written:
    try:
        arguments = json_values.decode(call.arguments.encode()) if call.arguments.strip() else {}
    except InvalidRequest as error:
        raise Inexpressible("messages", "a tool call whose arguments are not JSON") from error
    function: _Written = {"id": call.id, "name": call.name, "args": arguments}
    written: _Written = {"functionCall": function}
    signed = call.signature and call.origin == ORIGIN
    return written | ({"thoughtSignature": call.signature} if signed else {})


def _result(result: ToolResult) -> _Written:
    """Under `output` or `error`, as Google documents it, so that the text stays what it is."""
    text = "".join(part.text for part in result.content if isinstance(part, Text))
    response = {"error" if result.failed else "output": text}
    return {"functionResponse": {"id": result.id, "name": result.name, "response": response}}
