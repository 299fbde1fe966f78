"""OpenAI's embeddings as an upstream: one JSON document, not a stream.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings.
"""

from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from inference_plane.core.decoder import UpstreamRequest
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


_read = vendor_json.reader(_Answer)


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name. There is no output to limit."""
    del output_limit
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    return UpstreamRequest(PATH, _write(fields), EmbeddingsDecoder(), framed=False)


class EmbeddingsDecoder:
    """Decodes one answer."""

    def feed(self, payload: bytes) -> list[Event]:
        """All the events at once. The vectors count as one frame of content, of any size."""
        answer = _read(payload)
        if answer is None or not answer.data:
            return []
        used = usage.of_chat(answer.usage)
        started = events.Started(model=answer.model)
        return [started, events.Text(""), events.Finished(events.STOP), *used, events.Ended()]

    def finish(self) -> list[Event]:
        return []
