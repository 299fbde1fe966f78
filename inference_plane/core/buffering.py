"""What the writers of buffered answers share: nothing is sent before the end.

Every request is streamed from its provider; a caller who did not ask for a stream gets the answer
put together at its end.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import sse, vendor_json
from inference_plane.core.answer import Answer
from inference_plane.core.events import Event

_read = vendor_json.reader(dict[str, msgspec.Raw])


class BufferedPayloads:
    """For an answer in the caller's own dialect: keeps the payloads, to be aggregated."""

    def __init__(self) -> None:
        self._payloads: list[bytes] = []

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        if payload and payload != sse.DONE:
            self._payloads.append(payload)
        return b""


class BufferedDocument:
    """For one JSON document in the caller's own dialect: its fields are passed on unparsed."""

    def __init__(self) -> None:
        self._payload = b"{}"

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._payload = payload or self._payload
        return b""

    def _fields(self) -> dict[str, Any]:
        """The document's fields, as they came."""
        return dict(_read(self._payload) or {})


class BufferedAnswer:
    """For an answer from another dialect: aggregates the events in the canonical format."""

    def __init__(self) -> None:
        self._answer = Answer()

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._answer.add(events_)
        return b""
