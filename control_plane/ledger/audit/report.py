"""What an audit found. All amounts are micro-credits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """An account whose books do not agree: what was expected, what was found, and in which rule."""

    account: str
    rule: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A hold whose deadline has long passed, though nobody ended it."""

    account: str
    request_id: str
    amount: int
    overdue_ms: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """`granted = charged + lapsed + balance` holds whenever there is no drift.

    `pending` counts outbox entries not yet in PostgreSQL; `balance` is what PostgreSQL says is
    left, `held` what Redis has set aside for requests in flight; `written_off` is what requests
    cost beyond what their accounts could pay, and no part of `charged`.
    """

    accounts: int
    granted: int
    charged: int
    lapsed: int
    balance: int
    held: int
    pending: int
    drift: tuple[Drift, ...]
    strays: tuple[Stray, ...]
    written_off: int = 0

    @property
    def clean(self) -> bool:
        """True when no account drifts and no hold strays."""
        return not self.drift and not self.strays
