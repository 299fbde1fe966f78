"""The end of a chat answer: usage under OpenAI's names, and the one object that is ours."""

from typing import Any

import msgspec

from inference_plane.core import sse
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode
TAIL = sse.frame(sse.DONE)


def usage(bill: Bill, own: dict[str, Any] | None = None) -> dict[str, Any]:
    """The provider's own object where it sent one, so that no detail is lost."""
    used = bill.used
    made = {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.output,
        "total_tokens": used.total,
        "prompt_tokens_details": {
            "cached_tokens": used.cache_read,
            "cache_write_tokens": used.cache_write,
        },
        "completion_tokens_details": {"reasoning_tokens": used.reasoning},
    }
    return (own or made) | {"credits_used": bill.deducted}


def last_chunk(head: dict[str, Any], bill: Bill, own: dict[str, Any] | None = None) -> bytes:
    """The chunk without choices that every complete stream ends with, before `[DONE]`."""
    chunk = head | {"choices": [], "usage": usage(bill, own), "credits": bill.credits()}
    return sse.frame(_write(chunk))
