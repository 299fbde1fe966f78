"""Lots, balances and changes. Every amount is integer micro-credits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Where a lot comes from, and with it who stands for it in the books."""

    FREE = "free"
    SUBSCRIPTION = "subscription"
    PURCHASED = "purchased"
    GRANTED = "granted"
    PROMO = "promo"

    @property
    def priority(self) -> int:
        """Lots of a lower number burn first: what was paid for by itself lasts longest."""
        return _PRIORITIES[self]

    @property
    def counterpart(self) -> str:
        """The ledger account that gives what the customer receives."""
        return _COUNTERPARTS[self]


_PRIORITIES = {
    Source.PROMO: 5,
    Source.FREE: 10,
    Source.SUBSCRIPTION: 20,
    Source.GRANTED: 30,
    Source.PURCHASED: 40,
}
_COUNTERPARTS = {
    Source.PROMO: "promo",
    Source.FREE: "promo",
    Source.SUBSCRIPTION: "stripe_clearing",
    Source.GRANTED: "adjustments",
    Source.PURCHASED: "stripe_clearing",
}


@dataclass(frozen=True, slots=True)
class NewLot:
    """Credits to grant. `expires_at` None: they never expire."""

    source: Source
    amount: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as it is shown: what of it has been set aside for requests in flight is not in it."""

    id: str
    source: str
    amount: int
    remaining: int
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """`total` is what was granted in lots that still count; `used` what of that is gone."""

    account: str
    total: int
    remaining: int
    held: int
    live: bool
    lots: tuple[Lot, ...]

    @property
    def used(self) -> int:
        return max(0, self.total - self.remaining - self.held)


@dataclass(frozen=True, slots=True)
class Change:
    """One numbered change of an account on its way to Redis: a lot, or a tier and a state, or a
    correction, which changes some lots and the debt."""

    account: str
    gv: int
    kind: str
    tier: str | None
    state: str | None
    lot: str | None
    amount: int | None
    priority: int | None
    expires_at_s: int | None
    part_lots: list[str] | None
    part_amounts: list[int] | None
    debt: int | None

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """By how much a correction changes each lot."""
        return tuple(zip(self.part_lots or (), self.part_amounts or (), strict=True))
