"""A Gemini answer's usage under Google's names, and our `credits` object.

Source: Gemini API reference, https://ai.google.dev/api/generate-content, "UsageMetadata".
"""

from typing import Any

import msgspec

from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


def usage_object(bill: Bill) -> dict[str, Any]:
    """Google's prompt count includes cached tokens; its candidates count leaves thoughts out."""
    used = bill.used
    return {
        "promptTokenCount": used.prompt,
        "candidatesTokenCount": used.output - used.reasoning,
        "thoughtsTokenCount": used.reasoning,
        "cachedContentTokenCount": used.cache_read,
        "totalTokenCount": used.total,
    }


def with_bill(body: dict[str, Any], bill: Bill) -> dict[str, Any]:
    """`body` with its usage and cost; the provider's own counts stay as they are."""
    counts = bill.counts(body.get("usageMetadata"), usage_object(bill))
    return body | {"usageMetadata": counts, "credits": bill.credits()}


def token_count(count: int) -> bytes:
    """The answer to `countTokens`."""
    return _write({"totalTokens": count})
