"""The reconciliation equation for one account. Pure: given both sides, it names what disagrees.

avail + held = lots remaining - debt - grants and corrections on their way to Redis
               - the effect of entries on their way to PostgreSQL
seq          = entries booked in this epoch + entries on their way
held         = sum of live holds
gv           is never ahead of PostgreSQL's
no lot is below zero when nothing is on its way
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.credits.entries import Entry
from control_plane.credits.report import Drift
from control_plane.credits.working import Working


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
    found = [*_check_lots(standing, pending)]
    if working is None:
        found += _compare(standing.account, "seq without gap", standing.booked, standing.seq)
        return found
    on_its_way = sum(amount for gv, amount in standing.recent.items() if gv > working.gv)
    expected = standing.remaining - standing.debt - on_its_way
    expected -= sum(entry.effect for entry in pending)
    account = standing.account
    found += _compare(account, "avail + held", expected, working.avail + working.held)
    found += _compare(account, "seq", standing.booked + len(pending), working.seq)
    found += _compare(account, "held", working.holds, working.held)
    if working.gv > standing.gv:
        found.append(Drift(account, "gv", standing.gv, working.gv))
    return found


def _check_lots(standing: Standing, pending: Sequence[Entry]) -> list[Drift]:
    if standing.lowest < 0 and not pending:
        return [Drift(standing.account, "lowest lot", 0, standing.lowest)]
    return []


def _compare(account: str, rule: str, expected: int, found: int) -> list[Drift]:
    return [] if expected == found else [Drift(account, rule, expected, found)]
