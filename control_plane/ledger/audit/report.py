"""The result of an audit. All amounts are micro-credits."""

from dataclasses import dataclass

UNITS = {"seq": "events", "seq without gap": "events", "change_seq": "changes"}
"""Rules whose values are not amounts."""


@dataclass(frozen=True, slots=True)
class Drift:
    """An account that disagrees: the rule that failed, the expected value and the one found.

    `dead_letters` are those of the account that no one has posted, as `headrace deadletters` names
    them; only where numbers of events disagree, which they explain.
    """

    account: str
    rule: str
    expected: int
    found: int
    dead_letters: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What the two values count."""
        return UNITS.get(self.rule, "micro-credits")


@dataclass(frozen=True, slots=True)
class OrphanedHold:
    """A hold that is still live long after its deadline."""

    account: str
    request_id: str
    amount: int
    overdue_ms: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """`granted = charged + expired + balance` holds whenever there is no drift.

    `pending` counts outbox entries that are not posted yet; `balance` is what PostgreSQL has left,
    `held` what Redis holds for requests in flight. `written_off` is what requests cost beyond what
    their accounts could pay; it is not part of `charged`.
    """

    accounts: int
    granted: int
    charged: int
    expired: int
    balance: int
    held: int
    pending: int
    drift: tuple[Drift, ...]
    orphaned_holds: tuple[OrphanedHold, ...]
    written_off: int = 0

    @property
    def clean(self) -> bool:
        """True when no account drifts and no hold is orphaned."""
        return not self.drift and not self.orphaned_holds
