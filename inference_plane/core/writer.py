"""The protocol of a surface's writer: frames and events in, bytes for the caller out.

There is a writer for each of four cases: streamed or buffered, passthrough or translated. The end
of the answer is held back until the request is settled, because it reports the cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from inference_plane.core import sse
from inference_plane.core.events import Event
from shared.credits import Tokens


@dataclass(frozen=True, slots=True)
class Bill:
    """Amounts are in credits; `remaining` is None if the ledger has not answered in time.

    `corrected`: the provider's own counts could not be true, and `used` stands in for them.
    """

    used: Tokens
    deducted: int | float
    remaining: int | float | None
    corrected: bool = False

    def counts(self, own: Any, ours: dict[str, Any]) -> dict[str, Any]:
        """`own`, the provider's usage object, so that no detail is lost; `ours` without one."""
        return own if isinstance(own, dict) and own and not self.corrected else ours

    def credits(self) -> dict[str, Any]:
        """Our `credits` object, which is added to every vendor's answer."""
        return {"deducted": self.deducted, "remaining": self.remaining}


class Writer(Protocol):
    """Writes one answer."""

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        """What can be sent at once for one frame of the provider's."""
        ...

    def tail(self, bill: Bill) -> bytes:
        """What was held back, with the cost."""
        ...


class Envelope(Protocol):
    """A stream's media type, its keep-alive, and `failed`: the last bytes of a failed stream."""

    media: bytes
    keep_alive: bytes

    def failed(self, error: bytes) -> bytes: ...


class EventStream:
    """Server-sent events. `named_error`: the error event has a name, as Anthropic's has."""

    media = b"text/event-stream; charset=utf-8"
    keep_alive = sse.KEEP_ALIVE

    def __init__(self, *, named_error: bool = False) -> None:
        self._name = b"event: error\n" if named_error else b""

    def failed(self, error: bytes) -> bytes:
        return self._name + sse.frame(error)
