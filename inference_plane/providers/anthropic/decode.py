"""Reads the events of a streamed message.

`message_start` carries the prompt's count; each `message_delta` carries the answer's count so far,
and may correct the prompt's. Anthropic's input count excludes cached tokens, as ours does. Blocks
of server tools give no event: they pass through, but have no counterpart in another dialect.
Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from typing import Any

import msgspec

from inference_plane.core import events, usage, vendor_json
from inference_plane.core.events import Event
from inference_plane.providers.anthropic import ORIGIN, served
from inference_plane.providers.anthropic.served import ToolUses

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
KEPT_S = 30 * 24 * 3600
"""A container lives 30 days, and what was made in it is recorded as long. Source: Anthropic API
guide, https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/code-execution-tool."""

JSON_TOOL = "json"
"""The name of the forced tool that replaces OpenAI's JSON mode."""


class _Container(msgspec.Struct):
    id: str = ""


class _Message(msgspec.Struct):
    id: str = ""
    container: _Container | None = None
    model: str = ""
    usage: msgspec.Raw = msgspec.Raw()


class _Block(msgspec.Struct):
    type: str = ""
    id: str = ""
    name: str = ""
    text: str = ""
    thinking: str = ""
    signature: str = ""
    data: str = ""
    content: msgspec.Raw = msgspec.Raw()


class _Delta(msgspec.Struct):
    container: _Container | None = None
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
    usage: msgspec.Raw = msgspec.Raw()
    error: _Error | None = None


_read = vendor_json.reader(_Frame)
_read_any: Any = vendor_json.reader(Any)


class MessagesDecoder:
    """Decodes one stream. `as_json`: the forced tool's input is the answer itself. `runs_code`: the
    request has the tool that does, so that code is billed.
    """

    def __init__(self, *, as_json: bool = False, runs_code: bool = False) -> None:
        self._as_json = as_json
        self._tool_uses = ToolUses(runs_code=runs_code)
        self._tools: dict[int, int] = {}
        self._without_input: set[int] = set()
        self._used: usage.Figures = {}
        self._called = 0

    def feed(self, payload: bytes) -> list[Event]:
        frame = _read(payload)
        if frame is None:
            return []
        if frame.type == "content_block_delta" and frame.delta:
            return self._delta(frame.index, frame.delta)
        if frame.type == "content_block_start" and frame.content_block:
            return self._block(frame.index, frame.content_block)
        if frame.type == "content_block_stop":
            return self._closed(frame.index)
        if frame.type == "message_start" and frame.message:
            return [
                events.Started(frame.message.id, frame.message.model),
                *_kept(frame.message.container),
                *self._count(frame.message.usage),
            ]
        if frame.type == "message_delta":
            container = frame.delta.container if frame.delta else None
            return [*_kept(container), *self._finished(frame.delta), *self._count(frame.usage)]
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
        self._without_input.discard(index)
        if self._as_json:
            return [events.Text(text)]
        return [events.Arguments(self._tools[index], text)]

    def _closed(self, index: int) -> list[Event]:
        """A tool that was called without any input got an empty object."""
        return self._input(index, "{}") if index in self._without_input else []

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
                self._without_input.add(index)
                own = self._as_json and block.name == JSON_TOOL
                return [] if own else [events.ToolCalled(number, block.id, block.name)]
            case "server_tool_use":
                return self._tool_uses.began(block.name)
            case _ if b"file_id" in bytes(block.content):
                return [events.Kept(each, KEPT_S) for each in _files_in(_read_any(block.content))]
        return []

    def _finished(self, delta: _Delta | None) -> list[Event]:
        if delta is None or not delta.stop_reason:
            return []
        reason = _REASONS.get(delta.stop_reason, events.STOP)
        if self._as_json and reason == events.TOOLS:
            reason = events.STOP
        return [events.Finished(reason, stop_sequence=delta.stop_sequence)]

    def _count(self, raw: msgspec.Raw) -> list[Event]:
        """Counts that a frame leaves out stay as they were."""
        figures = usage.figures_of(raw)
        if figures is None:
            return []
        self._used |= {name: each for name, each in figures.items() if each is not None}
        if not self._used:
            return [usage.UNKNOWN]
        return [*served.of_usage(figures, self._tool_uses), served.counts_of(self._used)]


def _kept(container: _Container | None) -> list[Event]:
    return [events.Kept(container.id, KEPT_S)] if container and container.id else []


def _files_in(value: Any) -> list[str]:
    """The files that code made, wherever a result names them."""
    if isinstance(value, list):
        return [found for each in value for found in _files_in(each)]
    if not isinstance(value, dict):
        return []
    own = [value["file_id"]] if isinstance(value.get("file_id"), str) else []
    return own + [found for each in value.values() for found in _files_in(each)]
