"""Plans and subscriptions. Credits are micro-credits, prices are cents."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on sale: a tier and monthly credits."""

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
