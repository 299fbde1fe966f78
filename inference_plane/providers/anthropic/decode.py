"""Reads the events of a streamed message.

`message_start` carries the prompt's count; each `message_delta` carries the answer's count so far,
and may correct the prompt's. Anthropic's input count excludes cached tokens, as ours does. Blocks
of server tools give no event: they pass through, but have no counterpart in another dialect.
Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

import msgspec

from inference_plane.core import events
from inference_plane.core.events import Event
from inference_plane.providers.anthropic import ORIGIN
from shared.credits import Tokens

_REASONS = {
    "end_turn": events.STOP,
    "stop_sequence": events.STOP,
    "max_tokens": events.LENGTH,
    "model_context_window_exceeded": events.LENGTH,
    "tool_use": events.TOOLS,
    "refusal": events.REFUSAL,
    "pause_turn": events.PAUSE,
}
_BUSY = frozenset({"overloaded_error", "rate_limit_error", "api_error", "timeout_error"})
JSON_TOOL = "json"
"""The name of the forced tool that replaces OpenAI's JSON mode."""


class _Usage(msgspec.Struct):
    input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    output_tokens: int | None = None


class _Message(msgspec.Struct):
    id: str = ""
    model: str = ""
    usage: _Usage | None = None


class _Block(msgspec.Struct):
    type: str = ""
    id: str = ""
    name: str = ""
    text: str = ""
    thinking: str = ""
    signature: str = ""
    data: str = ""


class _Delta(msgspec.Struct):
    type: str = ""
    text: str = ""
    thinking: str = ""
    signature: str = ""
    partial_json: str = ""
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Error(msgspec.Struct):
    type: str = ""
    message: str = ""


class _Frame(msgspec.Struct):
    type: str = ""
    index: int = 0
    message: _Message | None = None
    content_block: _Block | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None
    error: _Error | None = None


_read = msgspec.json.Decoder(_Frame).decode


class MessagesDecoder:
    """Decodes one stream. `as_json`: the forced tool's input is the answer itself."""

    def __init__(self, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self._tools: dict[int, int] = {}
        self._used = _Usage()
        self._called = 0

    def feed(self, payload: bytes) -> list[Event]:
        try:
            frame = _read(payload)
        except msgspec.DecodeError:
            return []
        if frame.type == "content_block_delta" and frame.delta:
            return self._delta(frame.index, frame.delta)
        if frame.type == "content_block_start" and frame.content_block:
            return self._block(frame.index, frame.content_block)
        if frame.type == "message_start" and frame.message:
            return [
                events.Started(frame.message.id, frame.message.model),
                *self._count(frame.message.usage),
            ]
        if frame.type == "message_delta":
            return [*self._finished(frame.delta), *self._count(frame.usage)]
        if frame.type == "message_stop":
            return [events.Ended()]
        if frame.type == "error":
            error = frame.error or _Error()
            return [events.Failed(f"{error.type}: {error.message}", busy=error.type in _BUSY)]
        return []

    def finish(self) -> list[Event]:
        """Nothing: a stream without `message_stop` was cut off."""
        return []

    def _delta(self, index: int, delta: _Delta) -> list[Event]:
        match delta.type:
            case "text_delta" if delta.text:
                return [events.Text(delta.text)]
            case "thinking_delta" if delta.thinking:
                return [events.Thought(delta.thinking)]
            case "signature_delta" if delta.signature:
                return [events.Signed(delta.signature, ORIGIN)]
            case "input_json_delta" if delta.partial_json and index in self._tools:
                return self._input(index, delta.partial_json)
        return []

    def _input(self, index: int, text: str) -> list[Event]:
        if self._as_json:
            return [events.Text(text)]
        return [events.Arguments(self._tools[index], text)]

    def _block(self, index: int, block: _Block) -> list[Event]:
        match block.type:
            case "text" if block.text:
                return [events.Text(block.text)]
            case "thinking" if block.thinking:
                return [events.Thought(block.thinking)]
            case "redacted_thinking":
                return [events.Redacted(block.data, ORIGIN)]
            case "tool_use":
                number = self._tools[index] = len(self._tools)
                own = self._as_json and block.name == JSON_TOOL
                return [] if own else [events.ToolCalled(number, block.id, block.name)]
        return []

    def _finished(self, delta: _Delta | None) -> list[Event]:
        if delta is None or not delta.stop_reason:
            return []
        reason = _REASONS.get(delta.stop_reason, events.STOP)
        if self._as_json and reason == events.TOOLS:
            reason = events.STOP
        return [events.Finished(reason, stop_sequence=delta.stop_sequence)]

    def _count(self, usage: _Usage | None) -> list[Event]:
        if usage is None:
            return []
        for name in usage.__struct_fields__:
            value = getattr(usage, name)
            if value is not None:
                setattr(self._used, name, value)
        used = self._used
        return [
            events.Used(
                Tokens(
                    input=used.input_tokens or 0,
                    cache_read=used.cache_read_input_tokens or 0,
                    cache_write=used.cache_creation_input_tokens or 0,
                    output=used.output_tokens or 0,
                )
            )
        ]
