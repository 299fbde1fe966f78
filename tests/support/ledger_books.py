"""What is told to the record, and what the record must come to for one account: in plain Python."""

from dataclasses import dataclass, field
from typing import NamedTuple

Parts = list[tuple[str, int]]


class Part(NamedTuple):
    """Of a correction: by how much a lot changes, and when that lot burns."""

    lot: str
    amount: int
    score: int
    expired: bool


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
    expired: Parts = field(default_factory=list)
    debt: int = 0
    writeoff: int = 0
    threshold: int | None = None


class Books:
    """What the record must come to for one account when it has booked these entries."""

    def __init__(self) -> None:
        self.lots: dict[str, int] = {}
        self.granted = self.debt = self.charged = self.expired = self.writeoff = self.posted = 0

    def grant(self, lot: str, amount: int) -> None:
        self.lots[lot] = amount
        self.granted += amount

    def correct(self, parts: list[Part], debt: int) -> None:
        """What a correction tells was booked before, as charges that Redis did not know of."""
        for part in parts:
            self.lots[part.lot] += part.amount
        self.debt += debt
        self.charged += debt - sum(part.amount for part in parts)

    def level(self, home: str | None) -> bool:
        """Before another epoch begins: what lots lack is owed, and what was forgiven beyond what
        was owed lies in a lot. Whether there was any of that.
        """
        short = {lot: left for lot, left in self.lots.items() if left < 0}
        self.lots |= dict.fromkeys(short, 0)
        self.debt -= sum(short.values())
        over = min(self.debt, 0)
        if over and home:
            self.lots[home] -= over
            self.debt -= over
        return bool(short or over)

    def post(self, entry: Entry) -> None:
        self.posted += 1
        for parts, sign in ((entry.taken, -1), (entry.expired, -1), (entry.returned, 1)):
            for lot, amount in parts:
                self.lots[lot] += sign * amount
        self.debt += entry.debt
        self.writeoff += entry.writeoff
        self.expired += sum(amount for _, amount in entry.expired)
        self.charged += 0 if entry.kind == "repaid" else entry.amount

    @property
    def balance(self) -> int:
        return sum(self.lots.values()) - self.debt
