"""The end of a message: usage under Anthropic's names, and the one object that is ours."""

from typing import Any

import msgspec

from inference_plane.core import sse
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


def event(kind: str, body: dict[str, Any]) -> bytes:
    """Anthropic names each event twice: in the frame and in its payload."""
    return b"event: " + kind.encode() + b"\n" + sse.frame(_write({"type": kind} | body))


def usage(bill: Bill) -> dict[str, Any]:
    used = bill.used
    return {
        "input_tokens": used.input,
        "cache_creation_input_tokens": used.cache_write,
        "cache_read_input_tokens": used.cache_read,
        "output_tokens": used.output,
    }


def billed(body: dict[str, Any], bill: Bill) -> dict[str, Any]:
    """`body` with what it cost; the provider's own counts stay as they are."""
    counted = (body.get("usage") or usage(bill)) | {"credits_used": bill.deducted}
    return body | {"usage": counted, "credits": bill.credits()}


def counted(count: int) -> bytes:
    """The answer to `count_tokens`."""
    return _write({"input_tokens": count})
