"""An upstream's answer as it comes: bytes cut into frames, frames read as events.

A step that is cancelled while it waits for the next batch loses nothing: another may go on reading.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from inference_plane.core import events, sse
from inference_plane.core.decoder import Outgoing
from inference_plane.core.events import Event
from inference_plane.runtime.transport import Answer
from shared.errors import UpstreamError

_CONTENT = (
    events.Text,
    events.Thought,
    events.Refused,
    events.ToolCalled,
    events.Finished,
    events.Redacted,
)


class Seen(NamedTuple):
    """One frame: its bytes, its payload, what it means; `content`: the answer itself goes on."""

    frame: bytes
    payload: bytes
    events: Sequence[Event]
    content: bool


def _is_content(seen: Sequence[Event]) -> bool:
    for event in seen:  # noqa: SIM110 - a loop costs half of what `any` does, for every frame
        if isinstance(event, _CONTENT):
            return True
    return False


class Incoming:
    """`read` gives the next batch, nothing at the end; `unread` puts one back."""

    def __init__(self, answer: Answer, outgoing: Outgoing, release: Callable[[], None]) -> None:
        self._answer, self._decoder = answer, outgoing.decoder
        self._framed, self._release = outgoing.framed, release
        self._splitter = sse.Splitter()
        self._waiting: list[Seen] = []
        self._over = False

    async def read(self) -> list[Seen]:
        """Raises UpstreamError or UpstreamTimeout."""
        if self._waiting:
            batch, self._waiting = self._waiting, []
            return batch
        while not self._over:
            batch = await self._next()
            if batch:
                return batch
        return []

    def unread(self, batch: list[Seen]) -> None:
        self._waiting = [*batch, *self._waiting]

    def close(self) -> None:
        """Drops the connection: that is what tells a provider to stop."""
        self._answer.close()
        self._release()

    async def _next(self) -> list[Seen]:
        if not self._framed:
            self._over = True
            return [self._see(b"", await self._answer.read_whole())]
        piece = await self._answer.read_piece()
        if piece:
            return [self._see(frame, sse.data_of(frame)) for frame in self._splitter.feed(piece)]
        self._over = True
        if self._splitter.unfinished:
            raise UpstreamError
        last = self._decoder.finish()
        return [Seen(b"", b"", last, _is_content(last))] if last else []

    def _see(self, frame: bytes, payload: bytes) -> Seen:
        seen = self._decoder.feed(payload) if payload else ()
        return Seen(frame, payload, seen, _is_content(seen))
