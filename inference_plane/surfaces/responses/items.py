"""Reads the items of a Responses request: messages, calls and their outputs, encrypted reasoning.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from typing import Any

from inference_plane.core import conversation, signatures
from inference_plane.core.prompt import (
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
from inference_plane.surfaces.responses import NATIVE_ORIGIN, namespaces
from inference_plane.surfaces.responses.tools import Tool


class _Content(reading.Known):
    type: str
    text: str = ""
    refusal: str = ""
    image_url: str | None = None
    detail: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    file_id: str | None = None
    filename: str | None = None


class _Summary(reading.Known):
    type: str = ""
    text: str = ""


class Item(reading.Known):
    """Any item. `type` may be left out of a message. `tools` are those of `additional_tools`."""

    type: str = "message"
    role: str = ""
    content: str | list[_Content] | None = None
    call_id: str = ""
    name: str = ""
    namespace: str | None = None
    arguments: str = ""
    output: str | list[_Content] | None = None
    summary: list[_Summary] | None = None
    encrypted_content: str | None = None
    status: Any = None
    tools: list[Tool] | None = None


def read(items: str | list[Item]) -> tuple[tuple[Text, ...], tuple[Turn, ...]]:
    """The system texts at the start, and the turns in their order. Raises InvalidRequest."""
    if isinstance(items, str):
        return (), (Turn("user", (Text(items),)),)
    system: list[Text] = []
    turns: list[Turn] = []
    for item in items:
        if item.type == "additional_tools":
            continue
        if item.role in ("system", "developer"):
            conversation.instruct(system, turns, _content(item.content))
        else:
            _add(turns, item)
    return tuple(system), _signed(turns)


def _add(turns: list[Turn], item: Item) -> None:
    """Items of one side that follow one another make one turn."""
    role, parts = _parts(item)
    last = turns[-1] if turns else None
    if last is not None and last.role == role:
        turns[-1] = Turn(role, (*last.parts, *parts))
    else:
        turns.append(Turn(role, parts))


def _parts(item: Item) -> tuple[Any, tuple[Part, ...]]:
    match item.type:
        case "message":
            role = "assistant" if item.role == "assistant" else "user"
            return role, _content(item.content)
        case "function_call":
            name = namespaces.joined(item.namespace or "", item.name)
            return "assistant", (ToolCall(item.call_id, name, item.arguments),)
        case "function_call_output":
            content = tuple(p for p in _content(item.output) if isinstance(p, Text | Media))
            return "user", (ToolResult(item.call_id, "", content),)
        case "reasoning":
            return "assistant", _thought(item)
    raise reading.unsupported("input", f"an item of type `{item.type}`")


def _content(content: str | list[_Content] | None) -> tuple[Part, ...]:
    if isinstance(content, str):
        return (Text(content),) if content else ()
    return tuple(_part(part) for part in content or ())


def _part(part: _Content) -> Part:
    match part.type:
        case "input_text" | "output_text" | "text":
            return Text(part.text)
        case "refusal":
            return Refusal(part.refusal)
        case "input_image" if part.image_url:
            return data_urls.media("image", part.image_url, "input", detail=part.detail or "")
        case "input_file" if part.file_data or part.file_url:
            url = part.file_url or part.file_data or ""
            return data_urls.media("file", url, "input", name=part.filename or "")
    raise reading.unsupported("input", f"a part of type `{part.type}`")


def _thought(item: Item) -> tuple[Part, ...]:
    """A thought without encrypted content is left out: no provider accepts it."""
    if not item.encrypted_content:
        return ()
    origin, signature = signatures.unmark(item.encrypted_content, NATIVE_ORIGIN)
    text = "".join(part.text for part in item.summary or ())
    if origin.endswith("-redacted"):
        return (Thinking(redacted=signature, origin=origin.removesuffix("-redacted")),)
    return (Thinking(text, signature, origin=origin),)


def _signed(turns: list[Turn]) -> tuple[Turn, ...]:
    """Gemini signs calls, for which this dialect has no field: the item before a call signs it."""
    return tuple(Turn(turn.role, tuple(_joined(turn.parts))) for turn in turns)


def _joined(parts: tuple[Part, ...]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        signs = isinstance(last, Thinking) and last.origin == "google" and not last.text
        if isinstance(part, ToolCall) and isinstance(last, Thinking) and signs:
            joined[-1] = ToolCall(part.id, part.name, part.arguments, last.signature, last.origin)
        else:
            joined.append(part)
    return joined
