"""Embeddings from a provider of OpenAI's dialect: its answer, with the cost."""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core.events import Event
from inference_plane.core.writer import Bill

_read: Any = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_usage: Any = msgspec.json.Decoder(dict[str, Any]).decode
_write = msgspec.json.Encoder().encode


class Buffered:
    """The vectors are not parsed: their bytes pass through."""

    def __init__(self) -> None:
        self._payload = b"{}"

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._payload = payload
        return b""

    def tail(self, bill: Bill) -> bytes:
        answer = _read(self._payload)
        used = {"prompt_tokens": bill.used.prompt, "total_tokens": bill.used.total}
        own = _read_usage(answer["usage"]) if "usage" in answer else used
        answer["usage"] = own | {"credits_used": bill.deducted}
        answer["credits"] = bill.credits()
        return _write(answer)
