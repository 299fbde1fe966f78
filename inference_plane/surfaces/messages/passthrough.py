"""Messages from a provider of the same dialect: frames pass through unchanged.

Only `message_delta`, which carries the counts, and what follows it are held back until the request
is settled. Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core.buffering import BufferedPayloads
from inference_plane.core.events import Event
from inference_plane.core.vendor_json import read_object
from inference_plane.core.writer import Bill
from inference_plane.surfaces.messages import aggregate, framing, usage

_write = msgspec.json.Encoder().encode
_HELD = (b'"message_delta"', b'"message_stop"')


class Streamed:
    def __init__(self) -> None:
        self._held: list[dict[str, Any]] = []

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        head = payload[:40]
        if not any(name in head for name in _HELD):
            return frame
        body = read_object(payload)
        if body.get("type") in ("message_delta", "message_stop"):
            self._held.append(body)
            return b""
        return frame

    def tail(self, bill: Bill) -> bytes:
        deltas = [body for body in self._held if body["type"] == "message_delta"]
        if deltas:
            deltas[-1].update(usage.with_bill(deltas[-1], bill))
        return b"".join(framing.event(body["type"], body) for body in self._held)


class Buffered(BufferedPayloads):
    def tail(self, bill: Bill) -> bytes:
        message = aggregate.message([read_object(payload) for payload in self._payloads])
        return _write(usage.with_bill(message, bill))
