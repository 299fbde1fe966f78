"""What a provider's decoder promises: payloads of frames in, events out, state of one stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inference_plane.core.events import Event


class Decoder(Protocol):
    """Unknown frames and fields give no event: they are passed on, or ignored, never a crash."""

    def feed(self, payload: bytes) -> Sequence[Event]: ...

    def finish(self) -> Sequence[Event]:
        """At the end of the bytes. Dialects without a last word say here whether they are done."""
        ...


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A request in a provider's dialect, and who reads the answer to it.

    `framed`: the answer is a stream of events; else it is one JSON document.
    """

    path: str
    body: bytes
    decoder: Decoder
    framed: bool = True
