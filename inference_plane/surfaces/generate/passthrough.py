"""Gemini's answers from Google itself: chunks pass through unchanged.

A chunk that finishes a candidate is held back until the request is settled; if more chunks follow,
as with several candidates, it is sent before them. Source: Gemini API reference,
https://ai.google.dev/api/generate-content, "Candidate".
"""

from collections.abc import Sequence

import msgspec

from inference_plane.core import events
from inference_plane.core.buffering import BufferedPayloads
from inference_plane.core.events import Event
from inference_plane.core.vendor_json import read_object
from inference_plane.core.writer import Bill
from inference_plane.surfaces.generate import aggregate, usage
from inference_plane.surfaces.generate.framing import Framing

_write = msgspec.json.Encoder().encode


class Streamed:
    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._held = b""

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        if not payload:
            return b""
        before = self._framing.piece(self._held) if self._held else b""
        if any(isinstance(event, events.Finished) for event in events_):
            self._held = payload
            return before
        self._held = b""
        return before + self._framing.piece(payload)

    def tail(self, bill: Bill) -> bytes:
        last = usage.with_bill(read_object(self._held or b"{}"), bill)
        return self._framing.piece(_write(last)) + self._framing.end()


class Buffered(BufferedPayloads):
    def tail(self, bill: Bill) -> bytes:
        answer = aggregate.answer([read_object(payload) for payload in self._payloads])
        return _write(usage.with_bill(answer, bill))
