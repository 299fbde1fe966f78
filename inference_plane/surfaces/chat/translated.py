"""Chat completions from the canonical format: chunks, or one buffered completion.

Thoughts are sent as `reasoning_content`, the field of DeepSeek that most clients read; their
signatures as `reasoning_details`, and a call's as `extra_content`, see `prompt.py`. A detail holds
the thought that it signs, because clients send back nothing else, and its index in the list, by
which OpenAI's SDKs join the chunks. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat-streaming.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, sse
from inference_plane.core.answer import Choice
from inference_plane.core.buffering import BufferedAnswer
from inference_plane.core.events import Event
from inference_plane.core.prompt import Refusal, Thinking, ToolCall
from inference_plane.core.writer import Bill
from inference_plane.surfaces.chat import usage
from inference_plane.surfaces.chat.origins import format_of

_write = msgspec.json.Encoder().encode
_REASONS = {
    events.STOP: "stop",
    events.PAUSE: "stop",
    events.LENGTH: "length",
    events.TOOLS: "tool_calls",
    events.FILTER: "content_filter",
    events.REFUSAL: "content_filter",
}
Delta = dict[str, Any]


def _head(model: str, kind: str) -> dict[str, Any]:
    created = int(time.time())  # part of the answer, not a measurement
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": created,
        "model": model,
    }


class Streamed:
    def __init__(self, model: str) -> None:
        self._head = _head(model, "chat.completion.chunk")
        self._begun: set[int] = set()
        self._thoughts: dict[int, list[str]] = {}
        self._details: dict[int, int] = {}

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"".join(self._chunk(event) for event in events_)

    def tail(self, bill: Bill) -> bytes:
        return usage.last_chunk(self._head, bill) + usage.DONE_FRAME

    def _chunk(self, event: Event) -> bytes:
        if isinstance(event, events.Finished):
            return self._choice(event.choice, {}, _REASONS[event.reason])
        choice: int = getattr(event, "choice", 0)
        delta = self._detailed(event, choice) or _delta(event)
        return self._choice(choice, delta, None) if delta else b""

    def _detailed(self, event: Event, choice: int) -> Delta | None:
        match event:
            case events.Thought(text=text):
                self._thoughts.setdefault(choice, []).append(text)
                return None
            case events.Signed(signature=signature, origin=origin):
                text = "".join(self._thoughts.pop(choice, ()))
                thought = Thinking(text, signature, origin=origin)
            case events.Redacted(data=data, origin=origin):
                thought = Thinking(redacted=data, origin=origin)
            case _:
                return None
        place = self._details.get(choice, 0)
        self._details[choice] = place + 1
        return {"reasoning_details": [_detail(thought) | {"index": place}]}

    def _choice(self, number: int, delta: Delta, reason: str | None) -> bytes:
        if number not in self._begun:
            self._begun.add(number)
            delta = {"role": "assistant", "content": None} | delta
        choice = {"index": number, "delta": delta, "logprobs": None, "finish_reason": reason}
        return sse.frame(_write(self._head | {"choices": [choice], "usage": None}))


def _delta(event: Event) -> Delta | None:
    match event:
        case events.Text(text=text):
            return {"content": text}
        case events.Thought(text=text):
            return {"reasoning_content": text}
        case events.Refused(text=text):
            return {"refusal": text}
        case events.ToolCalled():
            call = ToolCall(event.id, event.name, "", event.signature or "", event.origin)
            return {"tool_calls": [{"index": event.index} | _call(call)]}
        case events.Arguments(index=index, text=text):
            return {"tool_calls": [{"index": index, "function": {"arguments": text}}]}
    return None


def _detail(thought: Thinking) -> dict[str, Any]:
    form = {"format": format_of(thought.origin)}
    if thought.redacted:
        return {"type": "reasoning.encrypted", "data": thought.redacted} | form
    text = {"text": thought.text} if thought.text else {}
    return {"type": "reasoning.text"} | text | {"signature": thought.signature} | form


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    written: dict[str, Any] = {"id": call.id, "type": "function", "function": function}
    if call.signature:
        written["extra_content"] = {"google": {"thought_signature": call.signature}}
    return written


class Buffered(BufferedAnswer):
    def __init__(self, model: str) -> None:
        super().__init__()
        self._head = _head(model, "chat.completion")

    def tail(self, bill: Bill) -> bytes:
        choices = [_whole(number, each) for number, each in enumerate(self._answer.choices)]
        return _write(
            self._head
            | {"choices": choices, "usage": usage.usage_object(bill), "credits": bill.credits()}
        )


def _whole(number: int, choice: Choice) -> dict[str, Any]:
    thoughts = [part for part in choice.parts if isinstance(part, Thinking)]
    refusals = [part.text for part in choice.parts if isinstance(part, Refusal)]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": choice.text() or None,
        "refusal": "".join(refusals) or None,
    }
    if thoughts:
        message["reasoning_content"] = "".join(thought.text for thought in thoughts)
        signed = [_detail(each) for each in thoughts if each.signature or each.redacted]
        details = [detail | {"index": place} for place, detail in enumerate(signed)]
        message |= {"reasoning_details": details} if details else {}
    if choice.calls():
        message["tool_calls"] = [_call(call) for call in choice.calls()]
    reason = _REASONS[choice.reason]
    return {"index": number, "message": message, "logprobs": None, "finish_reason": reason}
