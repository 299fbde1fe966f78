"""The reconciliation rules for one account. Pure: given both sides, it returns what disagrees.

avail + held = remaining in lots - debt - undelivered grants and corrections
               - the effect of entries that are not posted yet
seq          = entries posted in this epoch + entries that are not posted yet
held         = sum of live holds
change_seq   in Redis is never ahead of PostgreSQL's
no lot is below zero while nothing is in transit in either direction
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from control_plane.ledger.audit.redis_state import RedisAccount
from control_plane.ledger.audit.report import Drift
from control_plane.ledger.outbox_entry import Entry


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account in PostgreSQL. Amounts are micro-credits; `posted` counts entries of the epoch.

    `lowest` is the smallest lot. `recent` maps change_seq to the net amount of a recent change.
    """

    account: str
    epoch: int
    seq: int
    posted: int
    change_seq: int
    debt: int
    remaining: int
    lowest: int
    recent: Mapping[int, int]


def check(
    state: AccountState, redis_account: RedisAccount | None, pending: Sequence[Entry]
) -> list[Drift]:
    """`redis_account` None: Redis does not have the account in this epoch, so less is compared."""
    applied = 0 if redis_account is None else redis_account.change_seq
    undelivered = [amount for number, amount in state.recent.items() if number > applied]
    # An undelivered correction may have taken from a lot what Redis has spent since.
    drift = _check_lots(state) if not pending and not undelivered else []
    if redis_account is None:
        return drift + _compare(state.account, "seq without gap", state.posted, state.seq)
    expected = state.remaining - state.debt - sum(undelivered)
    expected -= sum(entry.effect for entry in pending)
    account, found = state.account, redis_account.avail + redis_account.held
    drift += _compare(account, "avail + held", expected, found)
    drift += _compare(account, "seq", state.posted + len(pending), redis_account.seq)
    drift += _compare(account, "held", redis_account.holds, redis_account.held)
    if redis_account.change_seq > state.change_seq:
        drift.append(Drift(account, "change_seq", state.change_seq, redis_account.change_seq))
    return drift


def _check_lots(state: AccountState) -> list[Drift]:
    if state.lowest < 0:
        return [Drift(state.account, "lowest lot", 0, state.lowest)]
    return []


def _compare(account: str, rule: str, expected: int, found: int) -> list[Drift]:
    return [] if expected == found else [Drift(account, rule, expected, found)]
