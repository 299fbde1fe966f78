"""A chat completion's usage under OpenAI's names, our `credits` object, and the last frames.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/object.
"""

from typing import Any

import msgspec

from inference_plane.core import sse
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode
DONE_FRAME = sse.frame(sse.DONE)


def usage_object(bill: Bill, own: Any = None) -> dict[str, Any]:
    """`own`, the provider's object, where it sent one, so that no detail is lost; else ours."""
    used = bill.used
    ours = {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.output,
        "total_tokens": used.total,
        "prompt_tokens_details": {
            "cached_tokens": used.cache_read,
            "cache_write_tokens": used.cache_write,
        },
        "completion_tokens_details": {"reasoning_tokens": used.reasoning},
    }
    return bill.counts(own, ours) | {"credits_used": bill.deducted}


def last_chunk(head: dict[str, Any], bill: Bill, own: Any = None) -> bytes:
    """The chunk without choices that every complete stream ends with, before `[DONE]`."""
    chunk = head | {"choices": [], "usage": usage_object(bill, own), "credits": bill.credits()}
    return sse.frame(_write(chunk))
