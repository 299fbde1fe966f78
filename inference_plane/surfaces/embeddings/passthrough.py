"""Embeddings from a provider of OpenAI's dialect: its answer, with the cost.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from inference_plane.core import vendor_json
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill

_read = vendor_json.reader(dict[str, msgspec.Raw])
_write = msgspec.json.Encoder().encode


class Buffered:
    """The vectors are not parsed: their bytes pass through."""

    def __init__(self) -> None:
        self._payload = b"{}"

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        self._payload = payload
        return b""

    def tail(self, bill: Bill) -> bytes:
        answer: dict[str, Any] = dict(_read(self._payload) or {})
        used = {"prompt_tokens": bill.used.prompt, "total_tokens": bill.used.total}
        own = vendor_json.read_object(bytes(answer.get("usage", b"")))
        answer["usage"] = bill.counts(own, used) | {"credits_used": bill.deducted}
        answer["credits"] = bill.credits()
        return _write(answer)
