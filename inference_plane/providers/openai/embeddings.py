"""OpenAI's embeddings as an upstream: one JSON document, not a stream.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings.
"""

from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.embedding import EmbeddingInput
from inference_plane.core.events import Event
from inference_plane.core.request import Request
from inference_plane.providers.openai import usage
from shared.catalogue import Route

PATH = "/embeddings"
_write = msgspec.json.Encoder().encode


class _Answer(msgspec.Struct):
    model: str = ""
    usage: msgspec.Raw = msgspec.Raw()
    data: list[msgspec.Raw] = []


class _Vector(msgspec.Struct):
    index: int = 0
    embedding: msgspec.Raw = msgspec.Raw(b"[]")


_read = vendor_json.reader(_Answer)
_read_vector = vendor_json.reader(_Vector)


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name. There is no output to limit."""
    del output_limit
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    return UpstreamRequest(PATH, _write(fields), EmbeddingsDecoder(), framed=False)


def encode(wanted: EmbeddingInput, route: Route) -> UpstreamRequest:
    """Texts of another dialect. Nothing of them is inexpressible."""
    size = {"dimensions": wanted.dimensions} if wanted.dimensions is not None else {}
    own = {"model": route.upstream_model, "input": wanted.texts, "encoding_format": "float"}
    decoder = EmbeddingsDecoder(translated=True)
    return UpstreamRequest(PATH, _write(own | size), decoder, framed=False)


class EmbeddingsDecoder:
    """Decodes one answer. `translated`: each vector becomes an event."""

    def __init__(self, *, translated: bool = False) -> None:
        self._translated = translated

    def feed(self, payload: bytes) -> list[Event]:
        """All the events at once. The vectors count as one frame of content, of any size."""
        answer = _read(payload)
        if answer is None or not answer.data:
            return []
        used = usage.of_chat(answer.usage)
        started = events.Started(model=answer.model)
        embedded = _vectors(answer.data) if self._translated else []
        finished = events.Finished(events.STOP)
        return [started, events.Text(""), *embedded, finished, *used, events.Ended()]

    def finish(self) -> list[Event]:
        return []


def _vectors(data: list[msgspec.Raw]) -> list[Event]:
    read = [_read_vector(bytes(each)) or _Vector() for each in data]
    ordered = sorted(read, key=lambda each: each.index)
    return [events.Embedded(bytes(each.embedding)) for each in ordered]
