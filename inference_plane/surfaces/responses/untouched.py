"""Responses from a provider that speaks them too: frames pass as they are.

Only the event that completes the response stays back until the request is settled.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, sse
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill

_read: Any = msgspec.json.Decoder(dict[str, Any]).decode
_write = msgspec.json.Encoder().encode


class _Held:
    """The payload of the last event, which carries the whole response."""

    def __init__(self) -> None:
        self._payload = b"{}"

    def _hold(self, payload: bytes, events_: Sequence[Event]) -> bool:
        held = any(isinstance(event, events.Ended) for event in events_)
        if held:
            self._payload = payload
        return held

    def _last(self, bill: Bill) -> dict[str, Any]:
        body: dict[str, Any] = _read(self._payload)
        response = body.get("response") or {}
        response["usage"] = (response.get("usage") or {}) | {"credits_used": bill.deducted}
        response["credits"] = bill.credits()
        return body | {"response": response}


class Streamed(_Held):
    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"" if self._hold(payload, events_) else frame

    def tail(self, bill: Bill) -> bytes:
        body = self._last(bill)
        kind = str(body.get("type", "response.completed"))
        return b"event: " + kind.encode() + b"\n" + sse.frame(_write(body))


class Whole(_Held):
    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._hold(payload, events_)
        return b""

    def tail(self, bill: Bill) -> bytes:
        return _write(self._last(bill)["response"])
