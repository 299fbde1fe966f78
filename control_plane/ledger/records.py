"""Lots, balances and changes. Every amount is integer micro-credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import ledger


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


class Kind(StrEnum):
    """How credits are told apart to the user who has them."""

    FREE = "free"
    SUBSCRIPTION = "subscription"
    PURCHASED = "purchased"


_KINDS = {
    Source.PROMO: Kind.FREE,
    Source.FREE: Kind.FREE,
    Source.SUBSCRIPTION: Kind.SUBSCRIPTION,
    Source.GRANTED: Kind.PURCHASED,
    Source.PURCHASED: Kind.PURCHASED,
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

    @property
    def kind(self) -> Kind:
        return _KINDS[Source(self.source)]


@dataclass(frozen=True, slots=True)
class Portion:
    """One kind of credits. `ends_at`: when the first of what is left expires; None: never."""

    kind: Kind
    total: int
    remaining: int
    held: int
    ends_at: datetime | None

    @property
    def used(self) -> int:
        return self.total - self.remaining - self.held


@dataclass(frozen=True, slots=True)
class Balance:
    """`total` is what was granted in lots that still count; `used` what of that is gone.

    `remaining` may be below zero: then `debt` is owed, and the next grant repays it.
    """

    account: str
    total: int
    remaining: int
    held: int
    live: bool
    lots: tuple[Lot, ...]

    @property
    def used(self) -> int:
        return max(0, self.total - self.remaining - self.held)

    @property
    def debt(self) -> int:
        """What was charged beyond all lots."""
        return max(0, sum(lot.remaining for lot in self.lots) - self.remaining)

    def portions(self) -> list[Portion]:
        """Free, subscription and purchased credits, told apart."""
        held = self._held_by_lot()
        return [_portion(kind, [each for each in held if each[0].kind is kind]) for kind in Kind]

    def _held_by_lot(self) -> list[tuple[Lot, int]]:
        """Lots burn in order, so what is held was taken last: from the last that is not whole."""
        left, shares = self.held, []
        for lot in reversed(self.lots):
            # A lot may have got back what another had paid, and have more than was granted.
            share = min(left, max(0, lot.amount - lot.remaining))
            left -= share
            shares.append((lot, share))
        return shares


def _portion(kind: Kind, shares: Sequence[tuple[Lot, int]]) -> Portion:
    ends = [lot.expires_at for lot, _ in shares if lot.expires_at and lot.remaining]
    return Portion(
        kind,
        total=sum(lot.amount for lot, _ in shares),
        remaining=sum(lot.remaining for lot, _ in shares),
        held=sum(share for _, share in shares),
        ends_at=min(ends, default=None),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One numbered change of an account on its way to Redis: a lot, or tier, state and floor, or a
    correction, which changes some lots and the debt. `floor` None: it stays."""

    account: str
    change_seq: int
    kind: str
    tier: str | None
    state: str | None
    lot: str | None
    amount: int | None
    priority: int | None
    expires_at_s: int | None
    part_lots: list[str] | None
    part_amounts: list[int] | None
    part_priorities: list[int] | None
    part_expiries_s: list[int | None] | None
    debt: int | None
    floor: int | None

    @property
    def parts(self) -> tuple[ledger.Lot, ...]:
        """By how much a correction changes each lot."""
        names, amounts = self.part_lots or (), self.part_amounts or ()
        orders = zip(self.part_priorities or (), self.part_expiries_s or (), strict=True)
        scores = [ledger.burn_score(*order) for order in orders]
        return tuple(ledger.Lot(*part) for part in zip(names, amounts, scores, strict=True))
