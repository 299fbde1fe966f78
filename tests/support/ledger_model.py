"""What the ledger promises, in plain Python: lots, holds and numbered entries of one account.

Written from the contracts on top of the scripts, as slowly and plainly as possible. Nothing here is
counted twice: what is available is what lies in the lots less the debt, and what is held is the sum
of the live holds. The scripts keep those figures; here they are only ever derived.
"""

import sys
from dataclasses import dataclass, field

from tests.support.ledger_books import Entry, Part, Parts
from tests.support.ledger_limits import Counted, Shard, Window

THRESHOLDS = (20, 5, 0)
LIVE = ("reserved", "inflight")


@dataclass
class Lot:
    remaining: int
    score: int
    expired: bool = False


@dataclass(eq=False)
class Hold:
    """Live, or the tombstone of a request that has ended."""

    fingerprint: str | None
    state: str
    epoch: int
    amount: int = 0
    parts: Parts = field(default_factory=list)
    progress: int = 0
    step: int = 0
    overdue: bool = False
    charged: int = 0
    writeoff: int = 0
    seq: int = 0
    counted: Counted | None = None


class Model:
    """One account. Every operation returns what the script of that name must answer."""

    def __init__(self, account: str, floor: int, shard: Shard | None = None) -> None:
        self.account, self.floor, self.shard = account, floor, shard or Shard()
        self.window = Window()
        self.lots: dict[str, Lot] = {}
        self.holds: dict[str, Hold] = {}
        self.entries: list[Entry] = []
        self.debt, self.seq, self.change_seq, self.basis, self.alerted = 0, 0, 0, 0, 0
        self.epoch, self.state = self.shard.epoch, "active"

    @property
    def avail(self) -> int:
        return sum(lot.remaining for lot in self.lots.values()) - self.debt

    @property
    def held(self) -> int:
        return sum(hold.amount for hold in self.live)

    @property
    def live(self) -> list[Hold]:
        return [h for h in self.holds.values() if h.state in LIVE and h.epoch == self.epoch]

    @property
    def cold(self) -> bool:
        return self.epoch != self.shard.epoch

    def reserve(
        self,
        request: str,
        target: int,
        min_hold: int,
        *,
        mark: str = "f",
        tokens: int,
        rank: int = 0,
        now: int,
    ) -> tuple[str, int, int]:
        usable = self.avail - self._expiring()
        refused = self.refusal(request, min_hold, mark=mark, tokens=tokens, rank=rank, now=now)
        if refused:
            return (*refused, 0 if self.cold else usable)
        self._drop_expired()
        amount = min(target, usable, self._left_today(now))
        parts = self._burn(amount)
        counted = self.window.let_in(now, tokens, amount)
        hold = Hold(mark, "reserved", self.epoch, amount, parts, counted=counted)
        self.holds[request] = hold
        return "held", amount, self.avail

    def refusal(
        self, request: str, min_hold: int, *, mark: str, tokens: int, rank: int, now: int
    ) -> tuple[str, int] | None:
        """The first that applies, in the contract's order; None: the request is let in."""
        if self.cold:
            return "cold", 0
        usable, taken = self.avail - self._expiring(), self.holds.get(request)
        if taken and taken.fingerprint not in (None, mark):
            return "conflict", 0
        if taken:
            return "repeated", taken.amount if taken.state in LIVE else taken.charged
        if self.state != "active":
            return "suspended", 0
        if self.shard.rank < rank:
            return "model_locked", self.shard.rank
        if 0 <= self.shard.open <= len(self.live):
            return "concurrent_requests", len(self.live)
        limited = self.window.refusal(self.shard, tokens=tokens, min_hold=min_hold, now=now)
        if limited is None and usable < min_hold:
            return "insufficient_credits", usable
        return limited

    def _left_today(self, now: int) -> int:
        """Credits that the day's limit leaves."""
        spent = self.window.credits(now)
        return self.shard.cpd - spent if self.shard.cpd >= 0 else sys.maxsize

    def progress(self, request: str, used: int) -> bool:
        hold = self.holds.get(request)
        if hold is None or hold not in self.live:
            return False
        hold.state, hold.progress, hold.overdue = "inflight", max(hold.progress, used), False
        return True

    def extend(
        self, request: str, step: int, target: int, min_hold: int, *, tokens: int, now: int
    ) -> tuple[str, int, int]:
        hold = self.holds.get(request)
        if hold is None or hold not in self.live:
            return "gone", 0, 0
        if hold.step >= step:
            return "repeated", hold.amount, self.avail
        usable, left_today = self.avail - self._expiring(), self._left_today(now)
        if left_today < min_hold:
            return "credits_per_day", max(0, left_today), self.avail
        if usable < min_hold:
            return "insufficient_credits", usable, self.avail
        amount = min(target, usable, left_today)
        hold.parts += self._burn(amount)
        hold.amount, hold.step = hold.amount + amount, step
        hold.state, hold.overdue = "inflight", False
        _count(hold, tokens=tokens, credits=amount)
        return "extended", hold.amount, self.avail

    def settle(self, request: str, charge: int, tokens: int) -> tuple[str, int, int, int]:
        if self.cold:
            return "cold", 0, 0, 0
        hold = self.holds.get(request)
        if hold and hold.state in ("settled", "released", "unreserved"):
            return "repeated", hold.charged, self.avail, hold.seq
        if hold and hold.state == "expired":
            return self._adjust(request, hold, charge)
        if hold and hold in self.live:
            if hold.counted:
                hold.counted.tokens = tokens
            return self._end(request, hold, charge, "settled")
        fresh = Hold(hold.fingerprint if hold else None, "none", self.epoch)
        self.holds[request] = fresh
        return self._end(request, fresh, charge, "unreserved")

    def release(self, request: str) -> tuple[str, int, int, int]:
        hold = self.holds.get(request)
        if hold is None:
            return "gone", 0, 0, 0
        if hold.state not in LIVE:
            return "repeated", hold.charged, self.avail, hold.seq
        if hold.epoch != self.epoch:
            return "gone", 0, self.avail, 0
        _count(hold, requests=-1, tokens=-_tokens(hold))
        return self._end(request, hold, 0, "released")

    def sweep(self, request: str) -> tuple[str, int, int, int]:
        hold = self.holds.get(request)
        if hold not in self.live:
            return "gone", 0, 0, 0
        if not hold.overdue:
            return "early", 0, 0, 0
        if hold.state == "reserved":
            _count(hold, requests=-1, tokens=-_tokens(hold))
            reported = self._end(request, hold, 0, "released")
            hold.state = "returned"
            return reported
        return self._end(request, hold, hold.progress, "expired")

    def grant(self, change_seq: int, lot: str, amount: int, score: int) -> tuple[str, int]:
        outcome = self._number(change_seq)
        if outcome != "applied":
            return outcome, 0 if self.cold else self.avail
        repaid = min(self.debt, amount)
        self.debt -= repaid
        self.lots[lot] = Lot(amount - repaid, score)
        if repaid:
            self._emit(Entry("", "repaid", 0, 0, taken=[(lot, repaid)], debt=-repaid))
        self.basis, self.alerted = self.avail + self.held, 0
        return "applied", self.avail

    def amend(self, change_seq: int, state: str, floor: int | None) -> tuple[str, int]:
        outcome = self._number(change_seq)
        if outcome == "applied":
            self.state, self.floor = state, self.floor if floor is None else floor
        return outcome, 0 if self.cold else self.change_seq

    def correct(self, change_seq: int, parts: list[Part], debt: int) -> tuple[str, int]:
        """Taken from a lot that lacks it: debt. Given to one that has expired: it expires."""
        outcome = self._number(change_seq)
        if outcome != "applied":
            return outcome, 0 if self.cold else self.avail
        entry, owed = Entry("", "corrected", 0, 0), debt
        for part in parts:
            owed += self._change(entry, part)
        if owed < 0:
            self._forgive(entry, -owed, parts[-1].lot if parts else None)
        else:
            self.debt, entry.debt = self.debt + owed, owed
        entry.debt -= debt
        if entry.returned or entry.expired:
            self._emit(entry)
        return "applied", self.avail

    def _change(self, entry: Entry, part: Part) -> int:
        """By how much the lot could not be changed."""
        if part.lot not in self.lots and not part.expired:
            self.lots[part.lot] = Lot(0, part.score)
        lot = self.lots.get(part.lot)
        if lot is None:
            entry.expired = entry.expired + ([(part.lot, part.amount)] if part.amount else [])
            return 0
        moved = max(part.amount, -lot.remaining)
        lot.remaining += moved
        lacking = moved - part.amount
        entry.returned = entry.returned + ([(part.lot, lacking)] if lacking else [])
        return lacking

    def expire_lots(self) -> tuple[str, int]:
        if self.cold:
            return "cold", 0
        expiring = self._expiring()
        return ("expired" if self._drop_expired() else "none"), expiring

    def load(self, lots: dict[str, Lot], debt: int) -> tuple[str, int]:
        """As the books know it, in the shard's epoch."""
        if not self.cold:
            return "present", self.avail
        self.lots, self.debt, self.seq, self.epoch = lots, debt, 0, self.shard.epoch
        self.alerted = len(self._crossed())
        return "loaded", self.avail

    def _number(self, change_seq: int) -> str:
        if self.cold:
            return "cold"
        if change_seq != self.change_seq + 1:
            return "stale" if change_seq <= self.change_seq else "gap"
        self.change_seq = change_seq
        return "applied"

    def _end(self, request: str, hold: Hold, charge: int, kind: str) -> tuple[str, int, int, int]:
        taken, rest = _split(hold.parts, charge)
        entry = Entry("", kind, 0, 0, request, charge, taken, expired=self._give_back(rest))
        _count(hold, credits=charge - hold.amount)
        self._take(entry, max(0, charge - hold.amount))
        hold.state, hold.charged, hold.epoch = kind, charge, self.epoch
        hold.writeoff = entry.writeoff
        hold.seq, hold.parts = self._emit(entry), entry.taken
        if charge:
            self._alert()
        return kind, charge, self.avail, hold.seq

    def _adjust(self, request: str, hold: Hold, charge: int) -> tuple[str, int, int, int]:
        """Only the difference to what the sweep had charged.

        What it wrote off comes back first, then the debt it made, then what the lots had paid.
        """
        entry = Entry("", "adjusted", 0, 0, request)
        back = hold.charged - charge
        if back < 0:
            self._take(entry, -back)
        else:
            _, rest = _split(hold.parts, charge)
            entry.writeoff = -min(back, hold.writeoff)
            owed = hold.charged - hold.writeoff - sum(amount for _, amount in hold.parts)
            otherwise = hold.parts[0][0] if hold.parts else None
            if hold.epoch != self.epoch:
                rest = [
                    (lot if lot in self.lots else self._last_lot() or lot, n) for lot, n in rest
                ]
            entry.returned, entry.expired = rest, self._give_back(rest)
            self._forgive(entry, min(back + entry.writeoff, owed), otherwise)
        taken = sum(amount for _, amount in entry.taken) + entry.debt + entry.writeoff
        entry.amount = taken - sum(amount for _, amount in entry.returned)
        hold.state, hold.charged = "settled", hold.charged + entry.amount
        _count(hold, credits=entry.amount)
        hold.seq = self._emit(entry)
        if entry.amount > 0:
            self._alert()
        return "adjusted", hold.charged, self.avail, hold.seq

    def _forgive(self, entry: Entry, amount: int, otherwise: str | None) -> None:
        """What a grant has repaid meanwhile is returned to the lot that burns last."""
        forgiven = min(amount, self.debt)
        self.debt -= forgiven
        entry.debt -= forgiven
        lot = self._last_lot() or otherwise
        if amount > forgiven and lot:
            part = [(lot, amount - forgiven)]
            entry.returned = entry.returned + part
            entry.expired = entry.expired + self._give_back(part)

    def _last_lot(self) -> str | None:
        order = sorted(self.lots, key=lambda name: (self.lots[name].score, name))
        unexpired = [name for name in order if not self.lots[name].expired]
        remaining = unexpired or order
        return remaining[-1] if remaining else None

    def _take(self, entry: Entry, amount: int) -> None:
        """From the lots, then as debt down to the floor; the rest is written off."""
        parts = self._burn(amount)
        left = amount - sum(part for _, part in parts)
        debt = min(left, max(0, -self.floor - self.debt))
        self.debt += debt
        entry.taken = entry.taken + parts
        entry.debt, entry.writeoff = debt, left - debt

    def _burn(self, amount: int) -> Parts:
        parts = []
        for name, lot in sorted(self.lots.items(), key=lambda each: (each[1].score, each[0])):
            part = min(lot.remaining, amount)
            if part > 0 and not lot.expired:
                lot.remaining, amount = lot.remaining - part, amount - part
                parts.append((name, part))
        return parts

    def _give_back(self, parts: Parts) -> Parts:
        """Returns what expires, for its lot has."""
        expired = []
        for name, part in parts:
            lot = self.lots.get(name)
            if lot is None or lot.expired:
                expired.append((name, part))
            else:
                lot.remaining += part
        return expired

    def _expiring(self) -> int:
        return sum(lot.remaining for lot in self.lots.values() if lot.expired)

    def _drop_expired(self) -> bool:
        order = sorted(self.lots.items(), key=lambda each: (each[1].score, each[0]))
        gone = [(name, lot.remaining) for name, lot in order if lot.expired]
        for name, _ in gone:
            del self.lots[name]
        expired = [(name, amount) for name, amount in gone if amount]
        if expired:
            self._emit(Entry("", "lots_expired", 0, 0, expired=expired))
        return bool(gone)

    def _emit(self, entry: Entry) -> int:
        self.seq += 1
        entry.account, entry.epoch, entry.seq = self.account, self.epoch, self.seq
        self.entries.append(entry)
        return self.seq

    def _crossed(self) -> list[int]:
        balance = self.avail + self.held
        if self.basis <= 0 or balance * 2 > self.basis:
            return []
        return [percent for percent in THRESHOLDS if balance * 100 <= percent * self.basis]

    def _alert(self) -> None:
        crossed = self._crossed()
        for percent in crossed[self.alerted :]:
            self._emit(Entry("", "alert", 0, 0, threshold=percent))
        self.alerted = max(self.alerted, len(crossed))


def _count(hold: Hold, *, requests: int = 0, tokens: int = 0, credits: int = 0) -> None:
    """What the hold's request counts is put right."""
    if hold.counted:
        hold.counted.requests += requests
        hold.counted.tokens += tokens
        hold.counted.credits += credits


def _tokens(hold: Hold) -> int:
    return hold.counted.tokens if hold.counted else 0


def _split(parts: Parts, amount: int) -> tuple[Parts, Parts]:
    kept, rest = [], []
    for lot, part in parts:
        keep = min(part, amount)
        amount -= keep
        kept += [(lot, keep)] if keep else []
        rest += [(lot, part - keep)] if part > keep else []
    return kept, rest
