"""The protocol of a provider's decoder: payloads of frames in, events out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inference_plane.core.events import Event


class Decoder(Protocol):
    """Decodes one stream. Unknown frames and fields give no event and no error."""

    def feed(self, payload: bytes) -> Sequence[Event]:
        """The events of one frame's payload."""
        ...

    def finish(self) -> Sequence[Event]:
        """Called at the end of the bytes, for dialects without a final frame."""
        ...


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A request in a provider's dialect, and the decoder of its answer.

    `path` is relative to the provider's URL. `framed`: the answer is a stream of server-sent
    events; else it is one JSON document. `ignored` are the hints of the prompt that the provider
    cannot take, by their canonical names.
    """

    path: str
    body: bytes
    decoder: Decoder
    framed: bool = True
    ignored: tuple[str, ...] = ()
