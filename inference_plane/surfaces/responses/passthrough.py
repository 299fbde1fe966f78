"""Responses from a provider of the same dialect: frames pass through unchanged.

Only the event that completes the response is held back until the request is settled. Source: OpenAI
API reference, https://platform.openai.com/docs/api-reference/responses-streaming.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, sse
from inference_plane.core.answer import Answer
from inference_plane.core.events import Event
from inference_plane.core.vendor_json import as_object, read_object
from inference_plane.core.writer import Bill
from inference_plane.surfaces.responses import objects

_write = msgspec.json.Encoder().encode


class _HeldEvent:
    """The payload of the last event, which carries the whole response."""

    def __init__(self) -> None:
        self._payload = b"{}"

    def _hold(self, payload: bytes, events_: Sequence[Event]) -> bool:
        held = any(isinstance(event, events.Ended) for event in events_)
        if held:
            self._payload = payload
        return held

    def _last(self, bill: Bill) -> dict[str, Any]:
        body: dict[str, Any] = read_object(self._payload)
        response = as_object(body.get("response"))
        counts = bill.counts(response.get("usage"), objects.usage(bill))
        response["usage"] = counts | {"credits_used": bill.deducted}
        response["credits"] = bill.credits()
        return body | {"response": response}


class Streamed(_HeldEvent):
    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"" if self._hold(payload, events_) else frame

    def tail(self, bill: Bill) -> bytes:
        body = self._last(bill)
        kind = str(body.get("type", "response.completed"))
        return b"event: " + kind.encode() + b"\n" + sse.frame(_write(body))


class Buffered(_HeldEvent):
    """The last event holds the whole response; where none came, it is built from what did."""

    def __init__(self) -> None:
        super().__init__()
        self._first, self._answer = b"{}", Answer()

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        if any(isinstance(event, events.Started) for event in events_):
            self._first = payload
        self._answer.add(events_)
        self._hold(payload, events_)
        return b""

    def tail(self, bill: Bill) -> bytes:
        if self._payload != b"{}":
            return _write(self._last(bill)["response"])
        choice = self._answer.choices[0]
        begun = as_object(read_object(self._first).get("response"))
        output = objects.items_of(choice.parts, {})
        return _write(objects.finished(begun, output, choice.reason, bill))
