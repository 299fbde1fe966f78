"""What the writers of whole answers share: nothing goes out before the end, all is kept till then.

Every request is streamed from its provider; who asked for a plain answer gets it put together.
"""

from collections.abc import Sequence

from inference_plane.core import sse
from inference_plane.core.answer import Answer
from inference_plane.core.events import Event


class BufferedPayloads:
    """For an answer in the caller's own dialect, which its frames are folded into."""

    def __init__(self) -> None:
        self._payloads: list[bytes] = []

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        if payload and payload != sse.DONE:
            self._payloads.append(payload)
        return b""


class BufferedAnswer:
    """For an answer out of another dialect, in the middle language."""

    def __init__(self) -> None:
        self._answer = Answer()

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._answer.take(events_)
        return b""
