"""How large a request body may be: the deployment's limit, and the one of the caller's plan.

The plan is asked for only once a body is large, so that the usual request costs nothing more. It is
refused as soon as it is known to be too large, by its Content-Length or by what has arrived.
"""

from dataclasses import dataclass

from inference_plane.runtime import scripts
from inference_plane.runtime.account_loader import AccountLoader
from inference_plane.runtime.plan_limits import PlanLimits
from shared import keyspace
from shared.calls import LedgerAway, ScriptCalls
from shared.errors import PayloadTooLarge, ServiceUnavailable

LARGE = 1024 * 1024
"""Bytes that every plan allows."""


class BodyLimits:
    """Asks for the limit of an account's tier, through `body_limit.lua`."""

    def __init__(self, calls: ScriptCalls, loader: AccountLoader, plans: PlanLimits) -> None:
        self._calls, self._loader, self._plans = calls, loader, plans

    async def check(self, account: str, size: int) -> int | None:
        """The bytes that the plan of an account allows; None if it has no limit.

        Raises RequestTooLargeForPlan for a larger size; ServiceUnavailable if Redis does not
        answer. A cold account is loaded, and asked for once more.
        """
        outcome, limit = await self._find(account)
        if outcome == "cold":
            await self._loader.load(account)
            outcome, limit = await self._find(account)
        if outcome == "cold":
            raise ServiceUnavailable
        if 0 <= limit < size:
            raise await self._plans.refusal(account, "body_bytes", limit, size)
        return None if limit < 0 else limit

    async def _find(self, account: str) -> tuple[str, int]:
        shard = keyspace.shard_of(account)
        keys = [
            keyspace.account_key(account),
            keyspace.tiers_key(shard),
            keyspace.meta_key(shard),
        ]
        try:
            outcome, limit = await self._calls.call(scripts.BODY_LIMIT, keys, [])
        except LedgerAway as error:
            raise ServiceUnavailable from error
        return outcome.decode(), int(limit)


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The limits of one request. `most` bytes is the deployment's."""

    most: int
    account: str
    plans: BodyLimits

    @property
    def small(self) -> int:
        """Bytes up to which there is nothing to check."""
        return min(LARGE, self.most)

    async def check(self, size: int) -> int:
        """The bytes that are allowed, for a size beyond `small`.

        Raises PayloadTooLarge, or what `BodyLimits.check` raises.
        """
        if size > self.most:
            raise PayloadTooLarge(details={"limit_bytes": self.most})
        allowed = await self.plans.check(self.account, size)
        return self.most if allowed is None else min(allowed, self.most)
