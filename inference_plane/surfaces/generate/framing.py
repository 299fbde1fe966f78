"""Frames a stream of Gemini: as server-sent events (`alt=sse`), or as one JSON array.

Source: Gemini API reference, https://ai.google.dev/api/generate-content; system parameter `alt`,
https://cloud.google.com/apis/docs/system-parameters.
"""

from inference_plane.core import sse
from inference_plane.core.writer import EventStream


class Events(EventStream):
    """Server-sent events without a last event."""

    def piece(self, payload: bytes) -> bytes:
        return sse.frame(payload)

    def end(self) -> bytes:
        return b""


class Array:
    """Its keep-alive is white space between the elements."""

    media = b"application/json; charset=utf-8"
    keep_alive = b"\n"

    def __init__(self) -> None:
        self._begun = False

    def piece(self, payload: bytes) -> bytes:
        begun, self._begun = self._begun, True
        return (b",\r\n" if begun else b"[") + payload

    def end(self) -> bytes:
        return b"]" if self._begun else b"[]"

    def failed(self, error: bytes) -> bytes:
        return self.piece(error) + self.end()


Framing = Events | Array
