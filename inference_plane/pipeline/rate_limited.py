"""The refusal for a limit that was reached: which one, and when to try again."""

import math
import time

from shared.errors import RateLimitExceeded
from shared.ledger_records import Window

_MESSAGES = {
    "requests_per_minute": "Too many requests this minute.",
    "tokens_per_minute": "Too many tokens this minute.",
    "credits_per_day": "You have used today's credits.",
    "concurrent_requests": "Too many requests at once.",
}


def rate_limited(limit: str, wait_ms: int, window: Window | None) -> RateLimitExceeded:
    """`limit` names the limit as the contract does; `window` is its state, where it has one."""
    headers = {"Retry-After": str(max(1, math.ceil(wait_ms / 1000)))}
    if window:
        reset_s = math.ceil(time.time() + window.reset_ms / 1000)
        headers |= {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": str(reset_s),
        }
    return RateLimitExceeded(_MESSAGES[limit], details={"limit": limit}, headers=headers)
