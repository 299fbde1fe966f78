"""Reads chat completion chunks: OpenAI's, and those of compatible providers.

Known differences that are handled: tool calls without an index (Mistral), reasoning under
`reasoning_content` (DeepSeek, xAI) or `reasoning` (Groq, OpenRouter), content as a list of parts
(Mistral's reasoning models), usage in the last chunk with choices or in one of its own, a first
chunk without an id. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat-streaming.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from inference_plane.core import events, hosted_tools, vendor_json
from inference_plane.core.events import Event
from inference_plane.providers.openai import usage
from inference_plane.providers.openai.stored import KEPT_S

DONE = b"[DONE]"
AUDIO_TOKEN = 3_200
"""Characters of base64 in one token of a spoken answer, which is 50 ms of 16-bit samples at 24 kHz.

Source: https://platform.openai.com/docs/guides/realtime-costs, "assistant audio tokens".
"""

_NOTHING = msgspec.Raw(b"null")
_REASONS = {
    "stop": events.STOP,
    "length": events.LENGTH,
    "tool_calls": events.TOOLS,
    "function_call": events.TOOLS,
    "content_filter": events.FILTER,
}


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _ToolCall(msgspec.Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Audio(msgspec.Struct):
    """A spoken answer, which a later request may name until it expires, in seconds since 1970.

    `data` is base64: of a stream, always 16-bit samples at 24 kHz.
    """

    id: str = ""
    expires_at: int = 0
    data: Any = None


class _Delta(msgspec.Struct):
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[_ToolCall] | None = None
    audio: _Audio | None = None


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    id: str = ""
    model: str = ""
    created: int = 0
    choices: list[_Choice] = []
    usage: msgspec.Raw = _NOTHING
    error: msgspec.Raw = _NOTHING
    service_tier: Any = None


_read = vendor_json.reader(_Chunk)


class ChatDecoder:
    """Decodes one stream.

    `stored`: OpenAI keeps the completion. `searches`: the model searches the web for it, which no
    count reports. Source: https://platform.openai.com/docs/guides/tools-web-search, "Chat
    Completions".
    """

    def __init__(self, *, stored: bool = False, searches: bool = False) -> None:
        self._stored, self._searches = stored, searches
        self._started = False
        self._called: dict[tuple[int, int], str] = {}
        self._tier: Any = None

    def feed(self, payload: bytes) -> list[Event]:
        if payload == DONE:
            return [events.Ended()]
        chunk = _read(payload)
        if chunk is None:
            return []
        if chunk.error is not _NOTHING and bytes(chunk.error) != b"null":
            return [events.Failed(bytes(chunk.error).decode(errors="replace"))]
        seen: list[Event] = []
        if not self._started and chunk.id:
            self._started = True
            seen.append(events.Started(chunk.id, chunk.model, chunk.created))
            if self._searches:
                seen.append(events.Served(uses=((hosted_tools.WEB_SEARCH, 1),)))
            if self._stored:
                seen.append(events.Kept(chunk.id, KEPT_S))
        for choice in chunk.choices:
            if choice.delta is not None:
                self._delta(choice.delta, choice.index, seen)
            if choice.finish_reason:
                reason = _REASONS.get(choice.finish_reason, events.STOP)
                seen.append(events.Finished(reason, choice.index))
        if chunk.service_tier and chunk.service_tier != self._tier:
            self._tier = chunk.service_tier
            seen += usage.served(self._tier)
        if chunk.usage is not _NOTHING:  # most frames have none
            seen += usage.of_chat(chunk.usage)
        return seen

    def finish(self) -> list[Event]:
        """Nothing: a stream without `[DONE]` was cut off."""
        return []

    def _delta(self, delta: _Delta, choice: int, seen: list[Event]) -> None:
        thought = delta.reasoning_content or delta.reasoning
        if thought:
            seen.append(events.Thought(thought, choice))
        if isinstance(delta.content, str):
            if delta.content:
                seen.append(events.Text(delta.content, choice))
        elif delta.content:
            seen.extend(_parts(delta.content, choice))
        if delta.refusal:
            seen.append(events.Refused(delta.refusal, choice))
        if delta.audio and delta.audio.id and delta.audio.expires_at:
            seen.append(events.Kept(delta.audio.id, until_s=delta.audio.expires_at))
        if delta.audio and isinstance(delta.audio.data, str) and delta.audio.data:
            seen.append(events.Sound(-(-len(delta.audio.data) // AUDIO_TOKEN)))
        for position, call in enumerate(delta.tool_calls or ()):
            self._call(call, position, choice, seen)

    def _call(self, call: _ToolCall, position: int, choice: int, seen: list[Event]) -> None:
        index = call.index if call.index is not None else self._index(call, position, choice)
        function = call.function or _Function()
        if (choice, index) not in self._called:
            self._called[choice, index] = call.id or ""
            seen.append(events.ToolCalled(index, call.id or "", function.name or "", choice))
        if function.arguments:
            seen.append(events.Arguments(index, function.arguments, choice))

    def _index(self, call: _ToolCall, position: int, choice: int) -> int:
        """For providers that leave the index out and send whole calls: a new id is a new call."""
        known = [index for (of, index), _ in self._called.items() if of == choice]
        if not call.id:
            return known[-1] if known else position
        for (of, index), call_id in self._called.items():
            if of == choice and call_id == call.id:
                return index
        return len(known)


def _parts(parts: list[dict[str, Any]], choice: int) -> Iterator[Event]:
    for part in parts:
        if isinstance(part.get("text"), str):
            yield events.Text(part["text"], choice)
        for thought in part.get("thinking") or ():
            if isinstance(thought, dict) and isinstance(thought.get("text"), str):
                yield events.Thought(thought["text"], choice)
