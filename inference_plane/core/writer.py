"""What a surface's writer promises: frames and events in, bytes for the caller out.

There is a writer for each of four cases: streamed or whole, untouched or translated. `frame` gives
what may go out at once; what tells the end stays back until the request is settled, and `tail`
gives it with the bill. The envelope is what the bytes travel in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from inference_plane.core import sse
from inference_plane.core.events import Event
from shared.credits import Tokens


@dataclass(frozen=True, slots=True)
class Bill:
    """Credits are public ones; `remaining` is None when the ledger has not said."""

    used: Tokens
    deducted: int | float
    remaining: int | float | None

    def credits(self) -> dict[str, Any]:
        """The one object that is ours in every vendor's answer."""
        return {"deducted": self.deducted, "remaining": self.remaining}


class Writer(Protocol):
    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes: ...

    def tail(self, bill: Bill) -> bytes: ...


class Envelope(Protocol):
    """`failed` is the last piece of a stream that broke, around an error in the surface's shape."""

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
