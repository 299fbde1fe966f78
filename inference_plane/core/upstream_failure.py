"""What a provider's failure means to the caller, to the key in use, and to the next attempt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inference_plane.core import context_length
from shared.errors import (
    InvalidRequest,
    ModelNotFound,
    Refusal,
    ServiceUnavailable,
    UpstreamError,
    UpstreamTimeout,
)

Fault = Literal["caller", "key", "route", "provider", "capacity"]
_KEY_STATUSES = frozenset({401, 402, 403})
"""402: a service of OpenAI's dialect (DeepSeek, OpenRouter) whose key has no balance left."""

_GONE = "The provider of this model does not offer it at present. Choose another model."
_KEYS = re.compile(r"(?:\bsk-|\bAIza|\bkey=|\bBearer )[\w.~+/=-]{8,}")
"""What looks like a key, in a message that is passed on to the caller."""

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_BUSY_STATUSES = frozenset({408, 409, 425, 429, 503, 529})


@dataclass(frozen=True, slots=True)
class UpstreamFailure:
    """`refusal` is sent to the caller if no other attempt is left.

    `fault` says whose it is. caller: the request is wrong, and no other attempt is made. key: it
    was refused (401, 402, 403). route: the provider has no such model. provider: it is busy or
    failing. capacity: nothing was sent, because the circuit is open or the bulkhead full.
    `answered`: the provider was reached, so what was sent to it may be why it failed.
    """

    refusal: Refusal
    fault: Fault
    retry_after_s: float = 0.0
    answered: bool = True

    @property
    def final(self) -> bool:
        return self.fault == "caller"


def of_status(
    vendor: str, status: int, message: str, param: str | None, retry_after_s: float
) -> UpstreamFailure:
    """The failure behind an error response of `vendor`'s.

    `message` and `param` are the provider's, passed on only where the caller is at fault: for every
    4xx that is not about our key, our quota or the provider's load. A model that the provider does
    not have is not found here either, since no repetition finds it. Source: the statuses that the
    official SDKs retry (README, "Retries"); 529 is Anthropic's `overloaded_error`,
    https://docs.anthropic.com/en/api/errors.
    """
    details = {"provider_status": status}
    if status in _KEY_STATUSES:
        return UpstreamFailure(UpstreamError(details=details), "key")
    if status == 404:
        return UpstreamFailure(ModelNotFound(_GONE, param="model", details=details), "route")
    if status in _BUSY_STATUSES:
        return UpstreamFailure(_busy(retry_after_s), "provider", retry_after_s)
    if 400 <= status < 500:
        redacted = _KEYS.sub("[key]", message)
        too_long = context_length.refusal(vendor, redacted, param, status)
        refusal = too_long or InvalidRequest(redacted, param=param, details=details)
        return UpstreamFailure(refusal, "caller")
    if status == 504:
        return UpstreamFailure(UpstreamTimeout(details=details), "provider")
    return UpstreamFailure(UpstreamError(details=details), "provider", retry_after_s)


def _busy(retry_after_s: float) -> Refusal:
    return ServiceUnavailable(
        "The model's provider is busy. You have not been charged.",
        retry_after_s=max(1, round(retry_after_s) or 2),
    )


NO_CAPACITY = UpstreamFailure(_busy(1.0), "capacity", 1.0)
"""No attempt could be made."""


def of_refusal(refusal: Refusal) -> UpstreamFailure:
    """A failure of the network, or in the stream itself: always the provider's fault."""
    return UpstreamFailure(refusal, "provider", answered=not isinstance(refusal, Unreachable))


class Unreachable(UpstreamError):
    """The model's provider could not be reached. Nothing was charged."""


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds (RFC 9110, section 10.2.3); 0 if the provider names none.

    `retry-after-ms` is a header of OpenAI's and Anthropic's own.
    """
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        wait = seconds_of(headers.get(name, ""))
        if wait:
            return wait / scale
    return 0.0


def seconds_of(text: str) -> float:
    """A plain decimal number; 0 for anything else, such as a date."""
    return float(text) if _SECONDS.fullmatch(text) else 0.0
