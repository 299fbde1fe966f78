"""An answer that passes through names its model as the caller did, not as its provider does.

Clients compare the two: some leave out their own thoughts when the names differ. The provider's
name is known from the first frame, and is replaced as bytes, because to parse every frame would
cost more than everything else. Inside a text the quotes around it would be escaped, so only a field
can match.
"""

import re
from collections.abc import Sequence

import msgspec

from inference_plane.core import events
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill, Writer

_write = msgspec.json.Encoder().encode


class Renamed:
    """A writer around another one. `field` names the model: `model`, or Google's `modelVersion`."""

    def __init__(self, writer: Writer, field: str, named: str) -> None:
        self._writer, self._field, self._named = writer, _write(field), named
        self._started = False
        self._served = ""
        self._own = self._ours = b""

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        if not self._started:
            self._learn(payload, events_)
        written = self._writer.frame(frame, payload, events_)
        return written.replace(self._own, self._ours) if self._own else written

    def tail(self, bill: Bill) -> bytes:
        """The last frames are written anew, so without the provider's white space."""
        written = self._writer.tail(bill)
        if not self._own:
            return written
        return written.replace(self._field + b":" + _write(self._served), self._ours)

    def _learn(self, payload: bytes, events_: Sequence[Event]) -> None:
        started = next((each for each in events_ if isinstance(each, events.Started)), None)
        if started is None:
            return
        self._started = True
        name = re.escape(_write(started.model))
        found = re.search(re.escape(self._field) + rb"\s*:\s*" + name, payload)
        if found and started.model and started.model != self._named:
            self._served, self._own = started.model, found[0]
            self._ours = self._field + b":" + _write(self._named)
