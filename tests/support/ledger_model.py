"""What the ledger promises, in plain Python: lots, holds and numbered entries of one account.

Written from the contracts on top of the scripts, as slowly and plainly as possible. Nothing here is
counted twice: what is available is what lies in the lots less the debt, and what is held is the sum
of the live holds. The scripts keep those figures; here they are only ever derived.
"""

from dataclasses import dataclass, field

Parts = list[tuple[str, int]]
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


@dataclass
class Entry:
    """One entry of the outbox."""

    account: str
    kind: str
    epoch: int
    seq: int
    request: str = ""
    amount: int = 0
    taken: Parts = field(default_factory=list)
    returned: Parts = field(default_factory=list)
    lapsed: Parts = field(default_factory=list)
    debt: int = 0
    writeoff: int = 0
    threshold: int | None = None


class Model:
    """One account. Every operation returns what the script of that name must answer."""

    def __init__(self, account: str, floor: int) -> None:
        self.account, self.floor = account, floor
        self.lots: dict[str, Lot] = {}
        self.holds: dict[str, Hold] = {}
        self.entries: list[Entry] = []
        self.debt, self.seq, self.gv, self.basis, self.alerted = 0, 0, 0, 0, 0
        self.epoch, self.shard_epoch, self.state = 1, 1, "active"

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
        return self.epoch != self.shard_epoch

    def reserve(
        self, request: str, fingerprint: str, want: int, least: int
    ) -> tuple[str, int, int]:
        if self.cold:
            return "cold", 0, 0
        usable, taken = self.avail - self._lapsing(), self.holds.get(request)
        if taken and taken.fingerprint not in (None, fingerprint):
            return "conflict", 0, usable
        if taken:
            return "repeated", taken.amount if taken.state in LIVE else taken.charged, usable
        if self.state != "active":
            return "suspended", 0, usable
        if usable < least:
            return "insufficient_credits", usable, usable
        self._drop_lapsed()
        amount = min(want, usable)
        parts = self._burn(amount)
        self.holds[request] = Hold(fingerprint, "reserved", self.epoch, amount, parts)
        return "held", amount, self.avail

    def progress(self, request: str, used: int) -> bool:
        hold = self.holds.get(request)
        if hold is None or hold not in self.live:
            return False
        hold.state, hold.progress, hold.overdue = "inflight", max(hold.progress, used), False
        return True

    def extend(self, request: str, step: int, want: int, least: int) -> tuple[str, int, int]:
        hold = self.holds.get(request)
        if hold not in self.live:
            return "gone", 0, 0
        if hold.step >= step:
            return "repeated", hold.amount, self.avail
        usable = self.avail - self._lapsing()
        if usable < least:
            return "insufficient_credits", usable, self.avail
        amount = min(want, usable)
        hold.parts += self._burn(amount)
        hold.amount, hold.step = hold.amount + amount, step
        hold.state, hold.overdue = "inflight", False
        return "extended", hold.amount, self.avail

    def settle(self, request: str, charge: int) -> tuple[str, int, int, int]:
        if self.cold:
            return "cold", 0, 0, 0
        hold = self.holds.get(request)
        if hold and hold.state in ("settled", "released", "unreserved"):
            return "repeated", hold.charged, self.avail, hold.seq
        if hold and hold.state == "expired":
            return self._adjust(request, hold, charge)
        if hold in self.live:
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
        return self._end(request, hold, 0, "released")

    def sweep(self, request: str) -> tuple[str, int, int, int]:
        hold = self.holds.get(request)
        if hold not in self.live:
            return "gone", 0, 0, 0
        if not hold.overdue:
            return "early", 0, 0, 0
        if hold.state == "reserved":
            told = self._end(request, hold, 0, "released")
            hold.state = "returned"
            return told
        return self._end(request, hold, hold.progress, "expired")

    def grant(self, gv: int, lot: str, amount: int, score: int) -> tuple[str, int]:
        outcome = self._number(gv)
        if outcome != "applied":
            return outcome, 0 if self.cold else self.avail
        repaid = min(self.debt, amount)
        self.debt -= repaid
        self.lots[lot] = Lot(amount - repaid, score)
        if repaid:
            self._emit(Entry("", "repaid", 0, 0, taken=[(lot, repaid)], debt=-repaid))
        self.basis, self.alerted = self.avail + self.held, 0
        return "applied", self.avail

    def amend(self, gv: int, state: str) -> tuple[str, int]:
        outcome = self._number(gv)
        if outcome == "applied":
            self.state = state
        return outcome, 0 if self.cold else self.gv

    def lapse(self) -> tuple[str, int]:
        if self.cold:
            return "cold", 0
        lapsing = self._lapsing()
        return ("lapsed" if self._drop_lapsed() else "none"), lapsing

    def load(self, lots: dict[str, Lot], debt: int) -> tuple[str, int]:
        """As the books know it, in the shard's epoch."""
        if not self.cold:
            return "present", self.avail
        self.lots, self.debt, self.seq, self.epoch = lots, debt, 0, self.shard_epoch
        self.alerted = len(self._crossed())
        return "loaded", self.avail

    def _number(self, gv: int) -> str:
        if self.cold:
            return "cold"
        if gv != self.gv + 1:
            return "stale" if gv <= self.gv else "gap"
        self.gv = gv
        return "applied"

    def _end(self, request: str, hold: Hold, charge: int, kind: str) -> tuple[str, int, int, int]:
        taken, rest = _split(hold.parts, charge)
        entry = Entry("", kind, 0, 0, request, charge, taken, lapsed=self._give_back(rest))
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
            self._forgive(entry, min(back + entry.writeoff, owed), otherwise)
            if hold.epoch != self.epoch:
                rest = [
                    (lot if lot in self.lots else self._last_lot() or lot, n) for lot, n in rest
                ]
            entry.returned = rest + entry.returned
            entry.lapsed = self._give_back(entry.returned)
        taken = sum(amount for _, amount in entry.taken) + entry.debt + entry.writeoff
        entry.amount = taken - sum(amount for _, amount in entry.returned)
        hold.state, hold.charged = "settled", hold.charged + entry.amount
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
            entry.returned = [(lot, amount - forgiven)]

    def _last_lot(self) -> str | None:
        order = sorted(self.lots, key=lambda name: (self.lots[name].score, name))
        unexpired = [name for name in order if not self.lots[name].expired]
        return (unexpired or order or [None])[-1]

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
        """Returns what lapses, for its lot has."""
        lapsed = []
        for name, part in parts:
            lot = self.lots.get(name)
            if lot is None or lot.expired:
                lapsed.append((name, part))
            else:
                lot.remaining += part
        return lapsed

    def _lapsing(self) -> int:
        return sum(lot.remaining for lot in self.lots.values() if lot.expired)

    def _drop_lapsed(self) -> bool:
        order = sorted(self.lots.items(), key=lambda each: (each[1].score, each[0]))
        gone = [(name, lot.remaining) for name, lot in order if lot.expired]
        for name, _ in gone:
            del self.lots[name]
        lapsed = [(name, amount) for name, amount in gone if amount]
        if lapsed:
            self._emit(Entry("", "lapsed", 0, 0, lapsed=lapsed))
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


class Books:
    """What the record must come to for one account when it has booked these entries."""

    def __init__(self) -> None:
        self.lots: dict[str, int] = {}
        self.granted = self.debt = self.charged = self.lapsed = self.writeoff = self.booked = 0

    def grant(self, lot: str, amount: int) -> None:
        self.lots[lot] = amount
        self.granted += amount

    def book(self, entry: Entry) -> None:
        self.booked += 1
        for parts, sign in ((entry.taken, -1), (entry.lapsed, -1), (entry.returned, 1)):
            for lot, amount in parts:
                self.lots[lot] += sign * amount
        self.debt += entry.debt
        self.writeoff += entry.writeoff
        self.lapsed += sum(amount for _, amount in entry.lapsed)
        self.charged += 0 if entry.kind == "repaid" else entry.amount

    @property
    def balance(self) -> int:
        return sum(self.lots.values()) - self.debt


def _split(parts: Parts, amount: int) -> tuple[Parts, Parts]:
    kept, rest = [], []
    for lot, part in parts:
        keep = min(part, amount)
        amount -= keep
        kept += [(lot, keep)] if keep else []
        rest += [(lot, part - keep)] if part > keep else []
    return kept, rest
