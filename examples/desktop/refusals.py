"""What the service refuses, in words for the person who asked: each says what helps.

A refusal is the `error` of the HTTP contract: code, message, details. One that comes in the middle
of an answer looks the same. A code unknown here shows the message the service wrote itself.
"""

import contextlib
import json
import urllib.error
from typing import Any

ADVICE = {
    "unauthorized": "Your session has ended: ask again to sign in again.",
    "insufficient_credits": "Your credits do not cover this. Top up: {top_up_url}",
    "credits_exhausted": "Your credits ran out here; what you have read is charged.",
    "model_access_restricted": "This model needs the {required_tier} plan: {upgrade_url}",
    "account_suspended": "Your account is suspended. Please write to support.",
    "request_too_large_for_plan": "This alone is more than your plan allows: {upgrade_url}",
    "rate_limit_exceeded": "That was more than your plan allows. Try again in {wait}.",
    "service_unavailable": "The service is away. Try again in {wait}.",
    "upstream_error": "The model's provider failed. Ask again, or choose another model.",
    "upstream_timeout": "The model's provider took too long. Ask again.",
}


class Refused(Exception):
    """The text is meant for the person at the keyboard."""

    def __init__(self, refusal: dict[str, Any], retry_after: str = "") -> None:
        self.code = str(refusal.get("code", ""))
        facts = {**(refusal.get("details") or {}), "wait": wait(retry_after)}
        said = str(refusal.get("message") or "The service refused without a reason.")
        # Where a detail is missing, the service's own words are the better ones.
        with contextlib.suppress(KeyError):
            said = ADVICE.get(self.code, "{message}").format_map({**facts, "message": said})
        super().__init__(said)


def read(error: urllib.error.HTTPError) -> Refused:
    """The refusal in an HTTP answer; one that is not JSON came from something in between."""
    with error:
        try:
            refusal = json.load(error)["error"]
        except (ValueError, KeyError, TypeError):
            refusal = {"message": f"The service answered {error.code} {error.reason}."}
    return Refused(refusal, error.headers.get("Retry-After", ""))


def wait(retry_after: str) -> str:
    """`Retry-After` in seconds, as one would say it."""
    if not retry_after.isdigit():
        return "a moment"
    seconds = int(retry_after)
    return f"{seconds} s" if seconds < 120 else f"{-(-seconds // 60)} minutes"
