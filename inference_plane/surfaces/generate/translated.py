"""Gemini's answers from the canonical format: chunks, or one buffered answer.

A function call is sent once its arguments are complete, as Gemini's own are. Signatures of other
vendors are marked with their origin and written as base64, which Google's clients decode.
Source: Gemini API reference, https://ai.google.dev/api/generate-content.
"""

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, signatures, vendor_json
from inference_plane.core.answer import Answer, AnswerPart, Choice
from inference_plane.core.buffering import BufferedAnswer
from inference_plane.core.events import Event
from inference_plane.core.prompt import Refusal, Text, Thinking, ToolCall
from inference_plane.core.writer import Bill
from inference_plane.surfaces.generate import NATIVE_ORIGIN, usage
from inference_plane.surfaces.generate.framing import Framing

_write = msgspec.json.Encoder().encode
Body = dict[str, Any]
_REASONS = {
    events.STOP: "STOP",
    events.PAUSE: "STOP",
    events.TOOLS: "STOP",
    events.LENGTH: "MAX_TOKENS",
    events.FILTER: "SAFETY",
    events.REFUSAL: "SAFETY",
}


class Streamed:
    def __init__(self, model: str, framing: Framing) -> None:
        self._framing = framing
        self._head = {"modelVersion": model, "responseId": uuid.uuid4().hex[:22]}
        self._calls: dict[int, Answer] = {}
        self._reasons: dict[int, str] = {}

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"".join(self._take(event) for event in events_)

    def tail(self, bill: Bill) -> bytes:
        numbers = sorted({*self._reasons, *self._calls}) or [0]
        last = {"candidates": [self._last(number) for number in numbers]} | self._head
        return self._framing.piece(_write(usage.with_bill(last, bill))) + self._framing.end()

    def _take(self, event: Event) -> bytes:
        choice: int = getattr(event, "choice", 0)
        if isinstance(event, events.ToolCalled | events.Arguments):
            self._calls.setdefault(choice, Answer()).add([event])
        elif isinstance(event, events.Finished):
            self._reasons[choice] = event.reason
        part = _part_of(event)
        if part is None:
            return b""
        candidate = {"content": {"parts": [part], "role": "model"}, "index": choice}
        return self._framing.piece(_write({"candidates": [candidate]} | self._head))

    def _last(self, number: int) -> Body:
        calls = self._calls[number].choices[0].calls() if number in self._calls else []
        parts = [_part(call) for call in calls] or [{"text": ""}]
        reason = _REASONS[self._reasons.get(number, events.LENGTH)]
        content = {"parts": parts, "role": "model"}
        return {"content": content, "finishReason": reason, "index": number}


def _part_of(event: Event) -> Body | None:
    match event:
        case events.Text(text=text) | events.Refused(text=text):
            return {"text": text}
        case events.Thought(text=text):
            return {"text": text, "thought": True}
        case events.Signed(signature=signature, origin=origin):
            return _part(Thinking("", signature, origin=origin))
        case events.Redacted(data=data, origin=origin):
            return _part(Thinking(redacted=data, origin=origin))
    return None


def _part(part: AnswerPart) -> Body:
    match part:
        case Text(text=text) | Refusal(text=text):
            return {"text": text}
        case Thinking():
            signature = part.signature or part.redacted
            own: Body = {"text": part.text, "thought": True}
            return own | _signed(signature, part.origin)
        case ToolCall():
            call = {"id": part.id, "name": part.name, "args": _arguments(part)}
            return {"functionCall": call} | _signed(part.signature, part.origin)


def _signed(signature: str, origin: str) -> Body:
    if not signature:
        return {}
    return {"thoughtSignature": signatures.mark_base64(origin, signature, NATIVE_ORIGIN)}


def _arguments(call: ToolCall) -> Any:
    return vendor_json.read_arguments(call.arguments)


class Buffered(BufferedAnswer):
    def __init__(self, model: str) -> None:
        super().__init__()
        self._head = {"modelVersion": model, "responseId": uuid.uuid4().hex[:22]}

    def tail(self, bill: Bill) -> bytes:
        candidates = [_whole(number, each) for number, each in enumerate(self._answer.choices)]
        return _write(usage.with_bill({"candidates": candidates} | self._head, bill))


def _whole(number: int, choice: Choice) -> Body:
    content = {"parts": [_part(part) for part in choice.parts], "role": "model"}
    return {"content": content, "finishReason": _REASONS[choice.reason], "index": number}
