"""What a provider's failure means: to the caller, to the key that was used, to the next attempt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.errors import (
    InvalidRequest,
    Refusal,
    ServiceUnavailable,
    UpstreamError,
    UpstreamTimeout,
)

Blame = Literal["caller", "key", "route", "provider", "full"]
_CALLERS = frozenset({400, 413, 415, 422})
_KEYS = re.compile(r"(?:\bsk-|\bAIza|\bkey=|\bBearer )[\w.~+/=-]{8,}")
"""What looks like a key, though it stands in words that are meant for the caller."""

_BUSY = frozenset({408, 409, 425, 429, 503, 529})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusal` is told if no other attempt is left. Only the caller's own fault ends it at once.

    key: refused (401, 403), alert its owner. route: this provider has no such model. provider:
    busy or failing. full: not asked, because its circuit is open or its bulkhead full.
    """

    refusal: Refusal
    blame: Blame
    retry_after_s: float = 0.0

    @property
    def final(self) -> bool:
        return self.blame == "caller"


def of_status(status: int, message: str, param: str | None, retry_after_s: float) -> Verdict:
    """Source of the mapping: what the official SDKs retry, 529 being Anthropic's `overloaded`."""
    details = {"provider_status": status}
    if status in _CALLERS:
        told = _KEYS.sub("[key]", message)
        return Verdict(InvalidRequest(told, param=param, details=details), "caller")
    if status in (401, 403):
        return Verdict(UpstreamError(details=details), "key")
    if status == 404:
        return Verdict(UpstreamError(details=details), "route")
    if status in _BUSY:
        return Verdict(_busy(retry_after_s), "provider", retry_after_s)
    if status == 504:
        return Verdict(UpstreamTimeout(details=details), "provider")
    return Verdict(UpstreamError(details=details), "provider", retry_after_s)


def _busy(retry_after_s: float) -> Refusal:
    return ServiceUnavailable(
        "The model's provider is busy; nothing was charged.",
        retry_after_s=max(1, round(retry_after_s) or 2),
    )


FULL = Verdict(_busy(1.0), "full", 1.0)
"""Nothing could be tried."""


def of_failure(refusal: Refusal) -> Verdict:
    """The network's own failures, which are always the provider's."""
    return Verdict(refusal, "provider")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; 0 where the provider does not say. `retry-after-ms` is OpenAI's and Anthropic's."""
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name, "")
        if value.replace(".", "", 1).isdigit():
            return float(value) / scale
    return 0.0
