"""Plays the scripts on a real server against the model, operation by operation.

Every answer must be the model's, and an operation that says it did nothing must have left every key
of the shard as it was. `Books` are what the record would have come to meanwhile. Limits depend on
the server's clock: it is read before and after, and what lies between is as good as either.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import Redis

from shared import keyspace
from shared.calls import ScriptCalls
from shared.ledger import Ledger
from shared.ledger_records import Extension, Reservation, ReserveRequest, Settlement, Snapshot
from shared.ledger_records import Lot as GrantedLot
from tests.support.ledger_books import Books, Entry, Part
from tests.support.ledger_limits import MINUTE_MS, Shard
from tests.support.ledger_model import Lot, Model
from tests.support.ledger_table import LIMITS
from tests.support.redis_reads import decoded, read_stream

FLOOR = -40
WAITS = frozenset({"requests_per_minute", "tokens_per_minute", "credits_per_day"})
NOTHING_DONE = WAITS | {
    "cold",
    "conflict",
    "repeated",
    "suspended",
    "model_locked",
    "concurrent_requests",
    "insufficient_credits",
    "early",
    "stale",
    "gap",
    "present",
    "none",
}
MARGIN_MS = 2_000
"""No operation begins so late in a minute that it might end in the next."""
Answer = TypeVar("Answer")


class Twin:
    """One account on the server and in the model, kept in step."""

    def __init__(
        self, redis: Redis, loop: asyncio.AbstractEventLoop, account: str, shard: Shard
    ) -> None:
        self.redis, self._loop, self.account = redis, loop, account
        self.ledger = Ledger(ScriptCalls(redis))
        self.model, self.books = Model(account, FLOOR, shard), Books()
        self.posted, self.lost = 0, 0
        self.debt_allowed = 0
        """What a correction or a higher floor has left owed: nothing else goes beyond the floor."""
        self._scores: dict[str, tuple[int, bool]] = {}
        self.run(self.open())
        self.run(self.ledger.load(self._snapshot({})))

    def run(self, work: Awaitable[Answer]) -> Answer:
        return self._loop.run_until_complete(work)

    def same(self, call: Callable[[], Awaitable[Any]], expected: Any) -> None:
        """The script answers what the model did, and writes nothing if it says so."""
        before = self.run(self.dump())
        self._check(before, _plain(self.run(call())), expected)

    def _check(self, before: dict[bytes, bytes], reported: Any, expected: Any) -> None:
        assert reported == expected, f"the script said {reported}, the model {expected}"
        if isinstance(reported, tuple) and reported[0] in NOTHING_DONE:
            assert self.run(self.dump()) == before, f"{reported} wrote something"

    def reserve(self, ask: ReserveRequest) -> None:
        """As `same`; and what it says of the limits lies between what holds before and after."""
        mine, before = self.model, self.run(self.dump())
        requested: dict[str, Any] = {
            "mark": ask.fingerprint,
            "tokens": ask.tokens,
            "rank": ask.rank,
        }
        began = self.moment()
        reported = self.run(self.ledger.reserve(ask))
        ended = self.moment()
        refusals = [
            mine.refusal(ask.request_id, ask.min_hold, **requested, now=now)
            for now in (began, ended)
        ]
        now = ended if (refusals[1] or ("held",))[0] == reported.outcome else began
        expected = mine.reserve(ask.request_id, ask.target, ask.min_hold, **requested, now=now)
        if reported.outcome in WAITS and reported.outcome == expected[0]:
            waits = [
                refusal[1] for refusal in refusals if refusal and refusal[0] == reported.outcome
            ]
            assert min(waits) - 1 <= reported.number <= max(waits) + 1, (reported, waits)
            expected = (expected[0], reported.number, expected[2])
        self._check(before, _plain(reported), expected)
        if reported.outcome != "cold":
            self._check_left(reported, began, ended)

    def _check_left(self, reported: Reservation, began: int, ended: int) -> None:
        windows = (reported.requests, reported.tokens, reported.credits_today)
        lows, highs = (self.model.window.left(self.model.shard, now) for now in (began, ended))
        for window, low, high in zip(windows, lows, highs, strict=True):
            assert window is not None
            assert low <= window.left <= high

    def moment(self) -> int:
        """The server's clock, in ms, early enough in its minute."""
        while True:
            seconds, micros = self.run(self.redis.time())
            now: int = seconds * 1000 + micros // 1000
            if now % MINUTE_MS < MINUTE_MS - MARGIN_MS:
                return now
            self.run(asyncio.sleep((MINUTE_MS - now % MINUTE_MS) / 1000))

    def ask(
        self,
        request: str,
        target: int = 1,
        min_hold: int = 1,
        *,
        mark: str = "f",
        tokens: int = 10,
        rank: int = 0,
    ) -> ReserveRequest:
        return ReserveRequest(
            self.account,
            request,
            mark,
            target,
            min_hold,
            tokens,
            rank,
            3_600_000,
            b'{"request_id":"x"}',
        )

    def grant(self, ahead: int, amount: int, score: int) -> None:
        """Only the next change number (`ahead` 1) is applied, and only that is granted."""
        change_seq = self.model.change_seq + ahead
        lot = f"lot{change_seq}"
        expected = self.model.grant(change_seq, lot, amount, score)
        if expected[0] == "applied":
            self._scores[lot] = (score, False)
            self.books.grant(lot, amount)
        granted = GrantedLot(lot, amount, score)
        self.same(lambda: self.ledger.grant(self.account, change_seq, granted), expected)

    def correct(self, ahead: int, changes: dict[int, int], debt: int, times: int) -> None:
        """Lots by their number among all that were ever granted, each by how much it changes."""
        known, change_seq = sorted(self.books.lots), self.model.change_seq + ahead
        amounts: dict[str, int] = {}
        for number, amount in changes.items():
            amounts.setdefault(known[number % len(known)], amount)
        parts = [Part(lot, amount, *self._scores[lot]) for lot, amount in amounts.items()]
        home = self._home()
        if debt < 0 and home:
            parts.append(Part(home, 0, *self._scores[home]))
        sent = [GrantedLot(part.lot, part.amount, part.score) for part in parts]
        for _ in range(times):
            expected = self.model.correct(change_seq, parts, debt)
            if expected[0] == "applied":
                self.books.correct(parts, debt)
                self.debt_allowed = self.model.debt
            self.same(lambda: self.ledger.correct(self.account, change_seq, sent, debt), expected)

    def _home(self) -> str | None:
        """The lot that burns last among those that have not expired; failing that, of all."""
        order = sorted(
            self._scores, key=lambda lot: (not self._scores[lot][1], self._scores[lot][0], lot)
        )
        return order[-1] if order else None

    def expire(self, lot: str) -> None:
        """Moves the lot's expiry into the past."""
        score = self._scores[lot][0] // 10**10 * 10**10 + 1
        self._scores[lot] = (score, True)
        if lot in self.model.lots:
            self.model.lots[lot].score, self.model.lots[lot].expired = score, True
            order = keyspace.lot_order_key(self.account)
            self.run(self.redis.zadd(order, {lot: score}, xx=True))

    def overdue(self, request: str) -> None:
        """Moves the hold's deadline into the past: its replica has died."""
        self.model.holds[request].overdue = True
        key = keyspace.hold_key(self.account, request)
        self.run(self.redis.hset(key, "deadline", "1"))

    def later(self, minutes: int, days: int) -> None:
        """That much time passes for the limits: what was counted lies further back."""
        self.model.window.later(minutes, days)
        keys = [keyspace.hold_key(self.account, request) for request in self.model.holds]
        for key in (*keys, keyspace.window_key(self.account)):
            for name, back in (("minute", minutes), ("day", days)):
                if self.run(self.redis.hexists(key, name)):
                    self.run(self.redis.hincrby(key, name, -back))

    def post(self, count: int) -> None:
        """The next `count` entries reach the record."""
        for entry in self.model.entries[self.posted : self.posted + count]:
            self.books.post(entry)
            self.posted += 1

    def forget(self) -> None:
        """What the model knew in Redis is gone: account, holds, and entries not booked yet."""
        mine = self.model
        del mine.entries[self.posted :]
        self.lost = len(mine.entries)
        mine.holds.clear()
        mine.lots.clear()
        mine.window.counted.clear()
        mine.debt = mine.seq = mine.epoch = 0

    def load(self) -> None:
        """As the record has it once all entries are booked, and what is lacking in lots is owed."""
        self.post(len(self.model.entries))
        home = self._home()
        if self.model.cold and self.books.level(home):
            self.model.change_seq += 1
        left = {lot: n for lot, n in self.books.lots.items() if n > 0}
        if home and self.books.lots[home] == 0:
            left[home] = 0
        lots = {name: Lot(amount, *self._scores[name]) for name, amount in left.items()}
        snapshot = self._snapshot(lots)
        expected = self.model.load(lots, self.books.debt)
        if expected[0] == "loaded":
            self.debt_allowed = self.model.debt
        self.same(lambda: self.ledger.load(snapshot), expected)

    async def entries(self) -> list[dict[str, str]]:
        """The outbox, as far as it is of this account and has not been lost."""
        key = keyspace.outbox_key(keyspace.shard_of(self.account))
        found = [decoded(entry) for _, entry in await read_stream(self.redis, key)]
        return [entry for entry in found if entry["account"] == self.account]

    async def endless(self) -> set[str]:
        """Kinds of keys that have no end."""
        keys = await self.keys()
        pipeline = self.redis.pipeline(transaction=False)
        for key in keys:
            pipeline.ttl(key)
        lives = zip(keys, await pipeline.execute(), strict=True)
        return {key.decode().split(":")[2] for key, ttl in lives if ttl == -1}

    def _snapshot(self, lots: dict[str, Lot]) -> Snapshot:
        mine = self.model
        granted = tuple(GrantedLot(name, lot.remaining, lot.score) for name, lot in lots.items())
        return Snapshot(
            self.account,
            mine.shard.epoch,
            0,
            mine.change_seq,
            self.books.debt,
            mine.floor,
            mine.state,
            "plan",
            granted,
            mine.basis,
        )

    async def open(self) -> None:
        """Tells the server the shard's limits and its epoch."""
        shard, mine = keyspace.shard_of(self.account), self.model.shard
        limits = {"rank": mine.rank, "rpm": mine.rpm, "tpm": mine.tpm}
        limits |= {"cpd": mine.cpd, "open": mine.open}
        fields: dict[Any, Any] = {
            f"plan:{name}": value for name, value in (LIMITS | limits).items()
        }
        await self.redis.hset(keyspace.tiers_key(shard), mapping=fields)
        await self.ledger.fence(shard, mine.epoch)

    async def keys(self) -> list[bytes]:
        """Of the whole shard."""
        pattern = f"{keyspace.prefix(keyspace.shard_of(self.account))}*"
        found: Any = await self.redis.keys(pattern)
        return sorted(found)

    async def dump(self) -> dict[bytes, bytes]:
        """All the shard holds."""
        keys = await self.keys()
        pipeline = self.redis.pipeline(transaction=False)
        for key in keys:
            pipeline.dump(key)
        return dict(zip(keys, await pipeline.execute(), strict=True))


def output(entry: Entry) -> dict[str, str]:
    """The fields in which that entry must lie in the outbox; amounts that are 0 are left out."""
    parts = {"alloc": entry.taken, "returned": entry.returned, "expired": entry.expired}
    fields = {name: ";".join(f"{lot}={n}" for lot, n in each) for name, each in parts.items()}
    amounts = {"amount": entry.amount, "debt": entry.debt, "writeoff": entry.writeoff}
    fields |= {name: str(amount) for name, amount in amounts.items() if amount}
    fields |= {"kind": entry.kind, "seq": str(entry.seq), "epoch": str(entry.epoch)}
    fields |= {"request": entry.request, "threshold": _text(entry.threshold)}
    return {name: value for name, value in fields.items() if value}


def wrote(fields: dict[str, str]) -> dict[str, str]:
    """The same of an entry that a script wrote."""
    reported = {name: value for name, value in fields.items() if value and name in _REPORTED}
    return {name: value for name, value in reported.items() if name not in _SUMS or int(value)}


_SUMS = ("amount", "debt", "writeoff")
_REPORTED = (*_SUMS, "alloc", "returned", "expired", "kind", "seq", "epoch", "request", "threshold")


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _plain(answer: Any) -> Any:
    if isinstance(answer, Reservation | Extension):
        return answer.outcome, answer.number, answer.avail
    if isinstance(answer, Settlement):
        return answer.outcome, answer.charged, answer.avail, answer.seq
    return answer
