"""An upstream's response as it arrives: bytes split into frames, and frames decoded into events.

A step that is cancelled while it waits for the next batch loses nothing: another can go on reading.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from inference_plane.core import events, sse
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.events import Event
from inference_plane.runtime.transport import UpstreamResponse
from shared.errors import UpstreamError

_CONTENT = (
    events.Text,
    events.Thought,
    events.Refused,
    events.ToolCalled,
    events.Finished,
    events.Redacted,
    events.Sound,
)


class Frame(NamedTuple):
    """One frame: its bytes, its payload, and its events.

    `is_content`: it carries some of the answer, not only counts or the provider's own news.
    """

    raw: bytes
    payload: bytes
    events: Sequence[Event]
    is_content: bool


def _has_content(decoded: Sequence[Event]) -> bool:
    for event in decoded:  # noqa: SIM110 - a loop costs half of what `any` does, for every frame
        if isinstance(event, _CONTENT):
            return True
    return False


class UpstreamStream:
    """The frames of one response. `release` is called when it is closed."""

    def __init__(
        self, response: UpstreamResponse, request: UpstreamRequest, release: Callable[[], None]
    ) -> None:
        self._response, self._decoder = response, request.decoder
        self._framed, self._release = request.framed, release
        self._splitter = sse.Splitter()
        self._waiting: list[Frame] = []
        self._ended = False

    async def read(self) -> list[Frame]:
        """The next batch, empty at the end. Raises UpstreamError or UpstreamTimeout."""
        if self._waiting:
            batch, self._waiting = self._waiting, []
            return batch
        while not self._ended:
            batch = await self._next()
            if batch:
                return batch
        return []

    def unread(self, batch: list[Frame]) -> None:
        """Puts a batch back: the next `read` returns it."""
        self._waiting = [*batch, *self._waiting]

    def close(self) -> None:
        """Closes the connection, which tells the provider to stop generating."""
        self._response.close()
        self._release()

    async def _next(self) -> list[Frame]:
        if not self._framed:
            self._ended = True
            return [self._decode(b"", await self._response.read_all())]
        data = await self._response.read_available()
        if data:
            return [self._decode(frame, sse.data_of(frame)) for frame in self._splitter.feed(data)]
        self._ended = True
        if self._splitter.unfinished:
            raise UpstreamError
        last = self._decoder.finish()
        return [Frame(b"", b"", last, _has_content(last))] if last else []

    def _decode(self, raw: bytes, payload: bytes) -> Frame:
        decoded = self._decoder.feed(payload) if payload else ()
        return Frame(raw, payload, decoded, _has_content(decoded))
