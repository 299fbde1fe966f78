"""The reconciliation equation for one account. Pure: given both sides, it names what disagrees.

avail + held = lots remaining - debt - grants and corrections on their way to Redis
               - the effect of entries on their way to PostgreSQL
seq          = entries booked in this epoch + entries on their way
held         = sum of live holds
gv           is never ahead of PostgreSQL's
no lot is below zero when nothing is on its way, neither here nor there
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.ledger.audit.redis_state import Working
from control_plane.ledger.audit.report import Drift
from control_plane.ledger.outbox_entry import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as PostgreSQL has it. `recent` is gv to what a late change gives, or takes."""

    account: str
    epoch: int
    seq: int
    booked: int
    gv: int
    debt: int
    remaining: int
    lowest: int
    recent: Mapping[int, int]


def check(standing: Standing, working: Working | None, pending: Sequence[Entry]) -> list[Drift]:
    """`working` None: the account is not in Redis in this epoch, so only one side can speak."""
    applied = 0 if working is None else working.gv
    coming = [amount for gv, amount in standing.recent.items() if gv > applied]
    # A correction that has not arrived may have taken from a lot what Redis spent meanwhile.
    found = _check_lots(standing) if not pending and not coming else []
    if working is None:
        found += _compare(standing.account, "seq without gap", standing.booked, standing.seq)
        return found
    expected = standing.remaining - standing.debt - sum(coming)
    expected -= sum(entry.effect for entry in pending)
    account = standing.account
    found += _compare(account, "avail + held", expected, working.avail + working.held)
    found += _compare(account, "seq", standing.booked + len(pending), working.seq)
    found += _compare(account, "held", working.holds, working.held)
    if working.gv > standing.gv:
        found.append(Drift(account, "gv", standing.gv, working.gv))
    return found


def _check_lots(standing: Standing) -> list[Drift]:
    if standing.lowest < 0:
        return [Drift(standing.account, "lowest lot", 0, standing.lowest)]
    return []


def _compare(account: str, rule: str, expected: int, found: int) -> list[Drift]:
    return [] if expected == found else [Drift(account, rule, expected, found)]
