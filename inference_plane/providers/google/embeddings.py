"""Google's embeddings as an upstream: one JSON document, not a stream.

The model is in the path and again in each request, so both are set: one that differs would be
another model's work at this model's price. Source: Gemini API reference,
https://ai.google.dev/api/embeddings. The limit of a batch is not documented there; it is known from
Google's errors, https://github.com/langchain-ai/langchainjs/issues/4491.
"""

from typing import Any

import msgspec

from inference_plane.core import events, usage, vendor_json
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.embedding import EmbeddingInput
from inference_plane.core.events import Event
from inference_plane.core.prompt import Inexpressible
from inference_plane.core.request import Request
from shared.catalogue import Route

BATCH_MAX = 100
_BATCH = "batchEmbedContents"
_write = msgspec.json.Encoder().encode


class _Vector(msgspec.Struct):
    values: msgspec.Raw = msgspec.Raw(b"[]")


class _Answer(msgspec.Struct, rename="camel"):
    embedding: _Vector | None = None
    embeddings: list[_Vector] = []
    usage_metadata: msgspec.Raw = msgspec.Raw()


_read = vendor_json.reader(_Answer)


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name. There is no output to limit."""
    del output_limit
    named = {"model": f"models/{route.upstream_model}"}
    fields: dict[str, Any] = dict(request.fields)
    if request.address.verb == _BATCH:
        fields["requests"] = [each | named for each in fields["requests"]]
    else:
        fields |= named
    path = _path(route, request.address.verb)
    return UpstreamRequest(path, _write(fields), EmbeddingsDecoder(), framed=False)


def encode(wanted: EmbeddingInput, route: Route) -> UpstreamRequest:
    """A batch. Raises Inexpressible for more texts than one may have."""
    if len(wanted.texts) > BATCH_MAX:
        raise Inexpressible("texts", f"it takes at most {BATCH_MAX} at once")
    size = {"outputDimensionality": wanted.dimensions} if wanted.dimensions is not None else {}
    named = {"model": f"models/{route.upstream_model}"} | size
    requests = [named | {"content": {"parts": [{"text": text}]}} for text in wanted.texts]
    decoder = EmbeddingsDecoder(translated=True)
    body = _write({"requests": requests})
    return UpstreamRequest(_path(route, _BATCH), body, decoder, framed=False)


def _path(route: Route, verb: str) -> str:
    return f"/v1beta/models/{route.upstream_model}:{verb}"


class EmbeddingsDecoder:
    """Decodes one answer. `translated`: each vector becomes an event."""

    def __init__(self, *, translated: bool = False) -> None:
        self._translated = translated

    def feed(self, payload: bytes) -> list[Event]:
        """All the events at once. The vectors count as one frame of content, of any size."""
        answer = _read(payload)
        if answer is None:
            return []
        vectors = [answer.embedding] if answer.embedding else answer.embeddings
        if not vectors:
            return []
        embedded = [events.Embedded(bytes(each.values)) for each in vectors * self._translated]
        used = _used(answer.usage_metadata)
        return [events.Text(""), *embedded, events.Finished(events.STOP), *used, events.Ended()]

    def finish(self) -> list[Event]:
        return []


def _used(raw: msgspec.Raw) -> list[Event]:
    """Nothing where Google reports nothing, as older models do: then our own count is charged."""
    figures = usage.figures_of(raw)
    if not figures:
        return []
    return [usage.read(usage.Reported(prompt=(figures.get("promptTokenCount"),), output=()))]
