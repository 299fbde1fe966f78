"""Embeddings from a provider of another dialect, as OpenAI's API returns them.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings/object.
"""

import base64
import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode
_read_vector = vendor_json.reader(list[float])
_FLOAT_MAX = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
"""The greatest float of 32 bits."""


class Buffered:
    """`packed`: a vector is base64 of little-endian floats of 32 bits, not a list of numbers."""

    def __init__(self, model_id: str, *, packed: bool) -> None:
        self._model_id, self._packed = model_id, packed
        self._vectors: list[Any] = []

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        for event in events_:
            if isinstance(event, events.Embedded):
                self._vectors.append(_pack(event) if self._packed else msgspec.Raw(event.values))
        return b""

    def tail(self, bill: Bill) -> bytes:
        data = [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(self._vectors)
        ]
        used = {"prompt_tokens": bill.used.prompt, "total_tokens": bill.used.prompt}
        answer = {
            "object": "list",
            "data": data,
            "model": self._model_id,
            "usage": used | {"credits_used": bill.deducted},
            "credits": bill.credits(),
        }
        return _write(answer)


def _pack(event: events.Embedded) -> str:
    read = _read_vector(event.values) or []
    values = [max(-_FLOAT_MAX, min(_FLOAT_MAX, each)) for each in read]
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
