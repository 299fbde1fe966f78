"""Refuses a request that is larger than its plan allows of one request, whenever it is repeated.

The refusal names the limit, the size, and the lowest plan that allows it. No `Retry-After`.
"""

from inference_plane.runtime import scripts
from shared import keyspace
from shared.calls import LedgerAway, ScriptCalls
from shared.credits import public
from shared.errors import PromptTooLargeForPlan, RequestTooLargeForPlan, ServiceUnavailable
from shared.wordings import Wordings, prompt_too_long

_STORED = {"body_bytes": "body", "tokens_per_minute": "tpm", "credits_per_day": "cpd"}
"""A limit's name in the contract, and in Redis."""

_MESSAGES = {
    "body_bytes": "Your plan allows request bodies of up to {:,} bytes.",
    "tokens_per_minute": "This request alone exceeds the {:,} tokens per minute of your plan.",
    "credits_per_day": "This request alone costs more than the {:,} credits per day of your plan.",
}


class PlanLimits:
    """`upgrade_url` is where plans are shown."""

    def __init__(self, calls: ScriptCalls, upgrade_url: str) -> None:
        self._calls, self._upgrade_url = calls, upgrade_url

    async def refusal(
        self, account: str, limit: str, allowed: int, size: int
    ) -> RequestTooLargeForPlan:
        """The error for a request of `size` under `limit`, which allows `allowed`.

        Both are in the unit of the limit's name, but credits are micro-credits. Raises
        ServiceUnavailable if Redis does not answer.
        """
        of = public if limit == "credits_per_day" else int
        key = keyspace.tiers_key(keyspace.shard_of(account))
        try:
            tier = await self._calls.call(scripts.REQUIRED_TIER, [key], [_STORED[limit], size])
        except LedgerAway as error:
            raise ServiceUnavailable from error
        kind = RequestTooLargeForPlan if limit == "body_bytes" else PromptTooLargeForPlan
        message = _MESSAGES[limit].format(of(allowed))
        return kind(
            message,
            wordings=_wordings(limit, message, allowed, size),
            details={
                "limit": limit,
                "allowed": of(allowed),
                "size": of(size),
                "required_tier": tier.decode() or None,
                "upgrade_url": self._upgrade_url,
            },
        )


def _wordings(limit: str, message: str, allowed: int, size: int) -> Wordings:
    """Agents shorten a prompt of which they read that it is too long."""
    if limit != "tokens_per_minute":
        return {}
    return {"anthropic": f"{prompt_too_long(size, allowed)['anthropic']}. {message}"}
