"""What the ledger's operations take and return. All amounts are integer micro-credits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """One limit: -1 is no limit."""

    limit: int
    left: int
    reset_ms: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """The result of `reserve`. reserve.lua explains `number` for each outcome."""

    outcome: str
    number: int
    avail: int = 0
    requests: Window | None = None
    tokens: Window | None = None
    credits_today: Window | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    outcome: str
    number: int
    avail: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a hold ended: `charged` and `seq` are those of its first ending."""

    outcome: str
    charged: int
    avail: int
    seq: int


@dataclass(frozen=True, slots=True)
class ReserveRequest:
    """The hold that a request needs, in micro-credits: up to `target`, at least `min_hold`.

    `cap` is what `api_key` may take in all, in micro-credits; -1 is no cap.
    """

    account: str
    request_id: str
    fingerprint: str
    target: int
    min_hold: int
    tokens: int
    rank: int
    ttl_ms: int
    event: bytes
    api_key: str = ""
    cap: int = -1


@dataclass(frozen=True, slots=True)
class Lot:
    """A grant of credits. `score` is its burn order, see `burn_score`."""

    id: str
    remaining: int
    score: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account as PostgreSQL knows it, for `load`."""

    account: str
    epoch: int
    seq: int
    change_seq: int
    debt: int
    floor: int
    state: str
    tier: str
    lots: tuple[Lot, ...]
    basis: int = 0
    """The balance right after the last grant: what alert thresholds are percents of."""

    capped: tuple[tuple[str, int], ...] = ()
    """API keys that have a cap, and what was taken under it."""


NEVER_EXPIRES_S = 9_999_999_999


def burn_score(priority: int, expires_at_s: int | None) -> int:
    """Lots burn by priority, then by expiry (seconds since 1970, UTC), then by id."""
    return priority * 10_000_000_000 + (expires_at_s or NEVER_EXPIRES_S)
