"""Turns a vendor's prices in US dollars into credits.

One setting says how many credits a dollar is, another what is added to cover costs and profit; a
model may have a margin of its own. Amounts are rounded up to a micro-credit, so that no price is
below its vendor's.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from control_plane.settings import Settings
from shared.credits import MICRO


@dataclass(frozen=True, slots=True)
class Pricing:
    """`margin` multiplies a vendor's price: 1.25 adds a quarter."""

    credits_per_usd: int
    margin: Decimal

    @classmethod
    def of(cls, settings: Settings) -> "Pricing":
        """The deployment's own."""
        return cls(settings.credits_per_usd, settings.margin)

    def micro(self, usd: Decimal, margin_percent: int | None = None) -> int:
        """Micro-credits for an amount in dollars. `margin_percent` is the model's own margin."""
        margin = self.margin if margin_percent is None else Decimal(margin_percent) / 100
        exact = usd * self.credits_per_usd * MICRO * margin
        return int(exact.to_integral_value(ROUND_CEILING))
