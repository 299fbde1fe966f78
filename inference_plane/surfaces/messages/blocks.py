"""A buffered message from the canonical format, and the blocks that a streamed one shares.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages.
"""

import uuid
from typing import Any

import msgspec

from inference_plane.core import events, signatures, vendor_json
from inference_plane.core.answer import AnswerPart, Choice
from inference_plane.core.buffering import BufferedAnswer
from inference_plane.core.prompt import Refusal, Text, Thinking, ToolCall
from inference_plane.core.writer import Bill
from inference_plane.surfaces.messages import NATIVE_ORIGIN, usage

_write = msgspec.json.Encoder().encode
_REASONS = {
    events.STOP: "end_turn",
    events.PAUSE: "pause_turn",
    events.LENGTH: "max_tokens",
    events.TOOLS: "tool_use",
    events.FILTER: "refusal",
    events.REFUSAL: "refusal",
}


def stop_reason(finished: events.Finished, *, refused: bool) -> tuple[str, str | None]:
    """Anthropic's reason, and the stop sequence if it was one."""
    if finished.stop_sequence and finished.reason == events.STOP:
        return "stop_sequence", finished.stop_sequence
    return "refusal" if refused else _REASONS[finished.reason], None


def call_block(event: events.ToolCalled) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "tool_use", "id": event.id, "name": event.name, "input": {}}
    return block | _signed(event.signature or "")


def _signed(signature: str) -> dict[str, Any]:
    """A call has no signature of its own at Anthropic; Google's goes under its own name."""
    if not signature:
        return {}
    return {"extra_content": {"google": {"thought_signature": signature}}}


class Buffered(BufferedAnswer):
    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model

    def tail(self, bill: Bill) -> bytes:
        choice = self._answer.choices[0]
        reason, sequence = _ended(choice)
        message = {
            "id": f"msg_{uuid.uuid4().hex[:24]}",
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": [_block(part) for part in _without_signatures_of_text(choice.parts)],
            "stop_reason": reason,
            "stop_sequence": sequence,
        }
        return _write(usage.with_bill(message, bill))


def _without_signatures_of_text(parts: list[AnswerPart]) -> list[AnswerPart]:
    """See `translated.py`: an answer does not end with the signature of its text."""
    return [
        part
        for before, part in zip([None, *parts], parts, strict=False)
        if not (isinstance(before, Text) and isinstance(part, Thinking) and not part.text)
    ]


def _ended(choice: Choice) -> tuple[str, str | None]:
    finished = events.Finished(choice.reason, stop_sequence=choice.stop_sequence)
    return stop_reason(finished, refused=any(isinstance(p, Refusal) for p in choice.parts))


def _block(part: AnswerPart) -> dict[str, Any]:
    match part:
        case Text(text=text) | Refusal(text=text):
            return {"type": "text", "text": text}
        case Thinking(redacted=data) if data:
            return {"type": "redacted_thinking", "data": _marked(part.origin, data)}
        case Thinking():
            return {
                "type": "thinking",
                "thinking": part.text,
                "signature": _marked(part.origin, part.signature),
            }
        case ToolCall():
            return _call(part)


def _marked(origin: str, signature: str) -> str:
    return signatures.mark(origin, signature, NATIVE_ORIGIN) if signature else ""


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = vendor_json.read_arguments(call.arguments)
    block = {"type": "tool_use", "id": call.id, "name": call.name, "input": arguments}
    return block | _signed(call.signature)
