"""Completions from the canonical format. Thoughts and calls are left out: they have no field.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/completions.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, sse
from inference_plane.core.buffering import BufferedAnswer
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill
from inference_plane.surfaces.chat import usage

_write = msgspec.json.Encoder().encode
_REASONS = {events.LENGTH: "length", events.FILTER: "content_filter", events.REFUSAL: "stop"}


def _head(model: str) -> dict[str, Any]:
    return {
        "id": f"cmpl-{uuid.uuid4().hex}",
        "object": "text_completion",
        "created": int(time.time()),
        "model": model,
    }


def _choice(number: int, text: str, reason: str | None) -> dict[str, Any]:
    return {"text": text, "index": number, "logprobs": None, "finish_reason": reason}


def _reason(reason: str) -> str:
    return _REASONS.get(reason, "stop")


class Streamed:
    """`echo` is the prompt, where the caller set `echo`: it starts each answer."""

    def __init__(self, model: str, echo: str) -> None:
        self._head, self._echo = _head(model), echo
        self._begun: set[int] = set()

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"".join(self._chunk(event) for event in events_)

    def tail(self, bill: Bill) -> bytes:
        return usage.last_chunk(self._head, bill) + usage.DONE_FRAME

    def _chunk(self, event: Event) -> bytes:
        match event:
            case events.Text(text=text, choice=number) | events.Refused(text=text, choice=number):
                first = self._echo if number not in self._begun else ""
                self._begun.add(number)
                return self._frame(_choice(number, first + text, None))
            case events.Finished(reason=reason, choice=number):
                return self._frame(_choice(number, "", _reason(reason)))
        return b""

    def _frame(self, choice: dict[str, Any]) -> bytes:
        return sse.frame(_write(self._head | {"choices": [choice], "usage": None}))


class Buffered(BufferedAnswer):
    def __init__(self, model: str, echo: str) -> None:
        super().__init__()
        self._head, self._echo = _head(model), echo

    def tail(self, bill: Bill) -> bytes:
        choices = [
            _choice(number, self._echo + each.text(), _reason(each.reason))
            for number, each in enumerate(self._answer.choices)
        ]
        own = {"choices": choices, "usage": usage.usage_object(bill), "credits": bill.credits()}
        return _write(self._head | own)
