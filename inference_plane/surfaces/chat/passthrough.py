"""Chat completions from a provider of the same dialect: frames pass through unchanged.

Only the usage frame and `[DONE]` are held back; ours replace them. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat-streaming.
"""

from collections.abc import Sequence

import msgspec

from inference_plane.core import aggregate, events
from inference_plane.core.buffering import BufferedPayloads
from inference_plane.core.events import Event
from inference_plane.core.vendor_json import read_object
from inference_plane.core.writer import Bill
from inference_plane.surfaces.chat import usage

_write = msgspec.json.Encoder().encode


class Streamed:
    def __init__(self) -> None:
        self._first = b"{}"
        self._last = b"{}"

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        for event in events_:
            if isinstance(event, events.Ended):
                return b""
            if isinstance(event, events.Started):
                self._first = payload
            elif isinstance(event, events.Used) and _only_usage(payload):
                self._last = payload
                return b""
        return frame

    def tail(self, bill: Bill) -> bytes:
        first, last = read_object(self._first), read_object(self._last)
        head = {
            "id": first.get("id", ""),
            "object": "chat.completion.chunk",
            "created": first.get("created", 0),
            "model": first.get("model", ""),
        } | {k: v for k, v in last.items() if k != "usage"}
        return usage.last_chunk(head, bill, last.get("usage")) + usage.DONE_FRAME


def _only_usage(payload: bytes) -> bool:
    return b'"choices":[]' in payload.replace(b" ", b"")


class Buffered(BufferedPayloads):
    def tail(self, bill: Bill) -> bytes:
        chunks = [read_object(payload) for payload in self._payloads]
        own = next((c["usage"] for c in reversed(chunks) if c.get("usage")), None)
        answer = aggregate.chat_completion(chunks)
        answer["usage"] = usage.usage_object(bill, own)
        answer["credits"] = bill.credits()
        return _write(answer)
