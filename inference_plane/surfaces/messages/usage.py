"""A message's usage under Anthropic's names, and our `credits` object.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages, "usage".
"""

from typing import Any

import msgspec

from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


def usage_object(bill: Bill) -> dict[str, Any]:
    used = bill.used
    return {
        "input_tokens": used.input,
        "cache_creation_input_tokens": used.cache_write,
        "cache_read_input_tokens": used.cache_read,
        "output_tokens": used.output,
    }


def with_bill(body: dict[str, Any], bill: Bill) -> dict[str, Any]:
    """`body` with its usage and cost; the provider's own counts stay as they are."""
    counts = bill.counts(body.get("usage"), usage_object(bill)) | {"credits_used": bill.deducted}
    return body | {"usage": counts, "credits": bill.credits()}


def token_count(count: int) -> bytes:
    """The answer to `count_tokens`."""
    return _write({"input_tokens": count})
