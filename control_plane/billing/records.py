"""Plans and subscriptions. Credits are micro-credits, prices are cents."""

from dataclasses import dataclass
from datetime import datetime

from shared.credits import MICRO

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on sale: a tier and monthly credits.

    `features` are what the numbers do not say; `describe` lists both. `requests_per_minute` and
    `body_bytes_max` are its tier's limits, None for no limit.
    """

    id: str
    tier: str
    name: str
    description: str
    credits_per_month_micro: int
    price_cents: int
    billing_intervals: list[str]
    yearly_discount_percent: int
    features: list[str]
    floor_micro: int
    requests_per_minute: int | None
    body_bytes_max: int | None

    def describe(self) -> list[str]:
        """What the plan includes, for people; limits as they are now."""
        limits = [f"{self.credits_per_month_micro // MICRO:,} credits per month"]
        if self.requests_per_minute is not None:
            limits.append(f"{self.requests_per_minute:,} requests per minute")
        if self.body_bytes_max is not None:
            limits.append(f"requests of up to {self.body_bytes_max // _MIB:,} MB")
        return [*limits, *self.features]


@dataclass(frozen=True, slots=True)
class DueRenewal:
    """A subscription whose period has ended, and its current period."""

    id: str
    user_id: str
    cancel_at_period_end: bool
    plan_id: str
    price_cents: int
    credits_per_month_micro: int
    floor_micro: int
    period: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A user's active subscription."""

    id: str
    user_id: str
    plan_id: str
    status: str
    current_period_start: datetime
    current_period_end: datetime
