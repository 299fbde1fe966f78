"""Writes Google's embeddings: its own answer with the cost, or one from another dialect.

Source: Gemini API reference, https://ai.google.dev/api/embeddings, "EmbedContentResponse",
"BatchEmbedContentsResponse" and "EmbeddingUsageMetadata".
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from inference_plane.core.buffering import BufferedDocument
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


def _with_bill(answer: dict[str, Any], own: Any, bill: Bill) -> bytes:
    counts = bill.counts(own, {"promptTokenCount": bill.used.prompt})
    return _write(answer | {"usageMetadata": counts, "credits": bill.credits()})


class Passthrough(BufferedDocument):
    """The vectors are not parsed: their bytes pass through."""

    def tail(self, bill: Bill) -> bytes:
        answer = self._fields()
        own = vendor_json.read_object(bytes(answer.get("usageMetadata", b"")))
        return _with_bill(answer, own, bill)


class Translated:
    """`batch`: the answer to `batchEmbedContents`."""

    def __init__(self, *, batch: bool) -> None:
        self._batch = batch
        self._vectors: list[dict[str, Any]] = []

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._vectors += [
            {"values": msgspec.Raw(event.values)}
            for event in events_
            if isinstance(event, events.Embedded)
        ]
        return b""

    def tail(self, bill: Bill) -> bytes:
        single = self._vectors[0] if self._vectors else {}
        answer = {"embeddings": self._vectors} if self._batch else {"embedding": single}
        return _with_bill(answer, None, bill)
