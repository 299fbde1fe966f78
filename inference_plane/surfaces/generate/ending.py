"""The end of a Gemini answer: counts under Google's names, and the one object that is ours."""

from typing import Any

import msgspec

from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


def usage(bill: Bill) -> dict[str, Any]:
    """Google counts the cache inside the prompt and thoughts beside the answer."""
    used = bill.used
    return {
        "promptTokenCount": used.prompt,
        "candidatesTokenCount": used.output - used.reasoning,
        "thoughtsTokenCount": used.reasoning,
        "cachedContentTokenCount": used.cache_read,
        "totalTokenCount": used.total,
    }


def billed(body: dict[str, Any], bill: Bill) -> dict[str, Any]:
    """`body` with what it cost; the provider's own counts stay as they are."""
    counted = body.get("usageMetadata") or usage(bill)
    return body | {"usageMetadata": counted, "credits": bill.credits()}


def counted(count: int) -> bytes:
    """The answer to `countTokens`."""
    return _write({"totalTokens": count})
