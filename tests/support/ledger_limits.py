"""What limits promise, in plain Python: who is refused by which of them, and for how long.

Written from the contract. Nothing is summed up as time goes by: each request keeps what it counts,
and every question is answered from all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE_MS, DAY_MS = 60_000, 86_400_000
NEVER_FITS_MS = MINUTE_MS


@dataclass
class Shard:
    """What the accounts of one shard share: its epoch, and the limits of their tier."""

    epoch: int = 1
    rank: int = 1
    rpm: int = -1
    tpm: int = -1
    cpd: int = -1
    open: int = -1


@dataclass(eq=False)
class Counted:
    """What one request counts: in the minute and on the day in which it was reserved."""

    minute: int
    day: int
    tokens: int
    credits: int
    requests: int = 1


@dataclass
class Window:
    """Every request of one account that was ever let in."""

    counted: list[Counted] = field(default_factory=list)

    def let_in(self, now: int, tokens: int, credits: int) -> Counted:
        self.counted.append(Counted(now // MINUTE_MS, now // DAY_MS, tokens, credits))
        return self.counted[-1]

    def refusal(
        self, shard: Shard, *, tokens: int, min_hold: int, now: int
    ) -> tuple[str, int] | None:
        """The first limit that is in the way of one more request, and the ms to wait."""
        if shard.rpm >= 0 and self.requests(now) + 1 > shard.rpm:
            return "requests_per_minute", self._wait(self.requests, 1, shard.rpm, now)
        if shard.tpm >= 0 and self.tokens(now) + tokens > shard.tpm:
            return "tokens_per_minute", self._wait(self.tokens, tokens, shard.tpm, now)
        if shard.cpd >= 0 and self.credits(now) + min_hold > shard.cpd:
            return "credits_per_day", DAY_MS - now % DAY_MS
        return None

    def left(self, shard: Shard, now: int) -> list[int]:
        """Of requests, tokens and credits; -1 without a limit."""
        used = (self.requests(now), self.tokens(now), self.credits(now))
        limits = (shard.rpm, shard.tpm, shard.cpd)
        return [
            -1 if limit < 0 else max(0, limit - spent)
            for limit, spent in zip(limits, used, strict=True)
        ]

    def requests(self, now: int) -> int:
        return self._sliding([(c.minute, c.requests) for c in self.counted], now)

    def tokens(self, now: int) -> int:
        return self._sliding([(c.minute, c.tokens) for c in self.counted], now)

    def credits(self, now: int) -> int:
        return sum(c.credits for c in self.counted if c.day == now // DAY_MS)

    def sums(self, minute: int, day: int) -> dict[str, int]:
        """What the script keeps of it: this minute, the one before, and this day."""
        of = {n: [c for c in self.counted if c.minute == minute - n] for n in (0, 1)}
        requests = {f"r{n}": sum(c.requests for c in each) for n, each in of.items()}
        tokens = {f"t{n}": sum(c.tokens for c in each) for n, each in of.items()}
        spent = sum(c.credits for c in self.counted if c.day == day)
        return {"minute": minute, "day": day, "credits": spent} | requests | tokens

    def later(self, minutes: int, days: int) -> None:
        """Time has passed."""
        for each in self.counted:
            each.minute, each.day = each.minute - minutes, each.day - days

    @staticmethod
    def _sliding(counts: list[tuple[int, int]], now: int) -> int:
        """Of the past 60 s: of the last minute what of it still lies within them, rounded up."""
        minute, gone = divmod(now, MINUTE_MS)
        current = sum(count for of, count in counts if of == minute)
        last = sum(count for of, count in counts if of == minute - 1)
        return current - (-last * (MINUTE_MS - gone) // MINUTE_MS)

    @staticmethod
    def _wait(used: Callable[[int], int], more: int, limit: int, now: int) -> int:
        """How long until that many more fit, if nothing else comes."""
        if more > limit:
            return NEVER_FITS_MS
        early, late = 0, 3 * MINUTE_MS
        while late - early > 1:
            middle = (early + late) // 2
            fits = used(now + middle) + more <= limit
            early, late = (early, middle) if fits else (middle, late)
        return late
