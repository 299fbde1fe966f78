"""Lots, balances and changes. Every amount is integer micro-credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import ledger_records


class Source(StrEnum):
    """Where a lot comes from, and so which ledger account funds it."""

    FREE = "free"
    SUBSCRIPTION = "subscription"
    PURCHASED = "purchased"
    GRANTED = "granted"
    PROMO = "promo"

    @property
    def priority(self) -> int:
        """Lots with a lower number burn first, so that purchased credits last longest."""
        return _PRIORITIES[self]

    @property
    def counterpart(self) -> str:
        """The ledger account that is debited for a grant of this source."""
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
    """How a user sees credits of different sources."""

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
    """Credits to grant, in micro-credits. `expires_at` None: they never expire."""

    source: Source
    amount: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot; `remaining` does not include what is held for requests in flight."""

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
    """The balance of one kind. `ends_at`: the earliest expiry of what remains; None: never."""

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
    """`total` is the sum of the amounts of unexpired lots; `used` is what was spent of it.

    `remaining` may be negative: then `debt` is owed, and the next grant repays it first.
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
        """What was charged beyond all lots, in micro-credits."""
        return max(0, sum(lot.remaining for lot in self.lots) - self.remaining)

    def portions(self) -> list[Portion]:
        """The balance by kind."""
        held = self._held_by_lot()
        return [_portion(kind, [each for each in held if each[0].kind is kind]) for kind in Kind]

    def _held_by_lot(self) -> list[tuple[Lot, int]]:
        """Lots burn in order, so held credits were taken from the last lots that are not full."""
        left, shares = self.held, []
        for lot in reversed(self.lots):
            # A refund may have gone to another lot, which then has more than was granted.
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
    """A numbered account change to deliver to Redis: a grant, an amendment or a correction.

    `floor` None leaves it unchanged. Amounts are micro-credits.
    """

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
    def parts(self) -> tuple[ledger_records.Lot, ...]:
        """The change of each lot by a correction."""
        names, amounts = self.part_lots or (), self.part_amounts or ()
        orders = zip(self.part_priorities or (), self.part_expiries_s or (), strict=True)
        scores = [ledger_records.burn_score(*order) for order in orders]
        return tuple(ledger_records.Lot(*part) for part in zip(names, amounts, scores, strict=True))
