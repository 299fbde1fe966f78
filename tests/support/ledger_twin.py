"""Plays the scripts on a real server against the model, operation by operation.

Every answer must be the model's, and an operation that says it did nothing must have left every key
of the database as it was. `Books` are what the record would have come to meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import Redis

from shared import keyspace
from shared.calls import ScriptCalls
from shared.ledger import Ask, Extension, Ledger, Reservation, Settlement, Snapshot
from shared.ledger import Lot as GrantedLot
from tests.support.ledger_model import Books, Entry, Lot, Model
from tests.support.ledger_table import LIMITS

FLOOR = -40
NOTHING_DONE = frozenset(
    {"cold", "conflict", "repeated", "suspended", "insufficient_credits"}
    | {"early", "stale", "gap", "present", "none"}
)
Answer = TypeVar("Answer")


class Twin:
    """One account on the server and in the model, kept in step."""

    def __init__(self, redis: Redis, loop: asyncio.AbstractEventLoop, account: str) -> None:
        self.redis, self._loop, self.account = redis, loop, account
        self.ledger = Ledger(ScriptCalls(redis))
        self.model, self.books = Model(account, FLOOR), Books()
        self.booked, self.lost = 0, 0
        self._scores: dict[str, tuple[int, bool]] = {}
        self.run(self._open(1))
        self.run(self.ledger.load(self._snapshot({})))

    def run(self, work: Awaitable[Answer]) -> Answer:
        return self._loop.run_until_complete(work)

    def same(self, call: Callable[[], Awaitable[Any]], expected: Any) -> None:
        """The script answers what the model did, and writes nothing if it says so."""
        before = self.run(self._dump())
        told = _plain(self.run(call()))
        assert told == expected, f"the script said {told}, the model {expected}"
        if isinstance(told, tuple) and told[0] in NOTHING_DONE:
            assert self.run(self._dump()) == before, f"{told} wrote something"

    def ask(self, request: str, want: int = 1, least: int = 1, mark: str = "f") -> Ask:
        return Ask(
            *(self.account, request, mark, want, least),
            *(10, 0, 3_600_000, b'{"request_id":"x"}'),
        )

    def grant(self, ahead: int, amount: int, score: int) -> None:
        """Change number gv + `ahead`: only the next one is applied, and only that is granted."""
        gv = self.model.gv + ahead
        lot = f"lot{gv}"
        expected = self.model.grant(gv, lot, amount, score)
        if expected[0] == "applied":
            self._scores[lot] = (score, False)
            self.books.grant(lot, amount)
        granted = GrantedLot(lot, amount, score)
        self.same(lambda: self.ledger.grant(self.account, gv, granted), expected)

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

    def book(self, count: int) -> None:
        """The next `count` entries reach the record."""
        for entry in self.model.entries[self.booked : self.booked + count]:
            self.books.book(entry)
            self.booked += 1

    def fence(self) -> None:
        """The shard enters another epoch; what it holds of the old one stays where it is."""
        self.model.shard_epoch += 1
        self.run(self._open(self.model.shard_epoch))

    def lose(self) -> None:
        """Everything is gone: accounts, holds, and entries that were not booked yet."""
        mine = self.model
        del mine.entries[self.booked :]
        self.lost = len(mine.entries)
        mine.holds.clear()
        mine.lots.clear()
        mine.debt = mine.seq = mine.epoch = 0
        keys = self.run(self._keys())
        if keys:
            self.run(self.redis.delete(*keys))
        self.fence()

    def load(self) -> None:
        """As the record has it once all entries are booked."""
        self.book(len(self.model.entries))
        left = {name: left for name, left in self.books.lots.items() if left > 0}
        lots = {name: Lot(amount, *self._scores[name]) for name, amount in left.items()}
        snapshot = self._snapshot(lots)
        expected = self.model.load(lots, self.books.debt)
        self.same(lambda: self.ledger.load(snapshot), expected)

    async def entries(self) -> list[dict[str, str]]:
        """The outbox, as far as it is of this account and has not been lost."""
        key = keyspace.outbox_key(keyspace.shard_of(self.account))
        found = [
            {name.decode(): value.decode() for name, value in entry.items()}
            for _, entry in await self.redis.xrange(key)
        ]
        return [entry for entry in found if entry["account"] == self.account]

    async def endless(self) -> set[str]:
        """Kinds of keys that have no end."""
        keys = await self._keys()
        pipeline = self.redis.pipeline(transaction=False)
        for key in keys:
            pipeline.ttl(key)
        lives = zip(keys, await pipeline.execute(), strict=True)
        return {key.decode().split(":")[1] for key, ttl in lives if ttl == -1}

    def _snapshot(self, lots: dict[str, Lot]) -> Snapshot:
        mine = self.model
        granted = tuple(GrantedLot(name, lot.remaining, lot.score) for name, lot in lots.items())
        return Snapshot(
            *(self.account, mine.shard_epoch, 0, mine.gv, self.books.debt, FLOOR),
            *(mine.state, "plan", granted, mine.basis),
        )

    async def _open(self, epoch: int) -> None:
        shard = keyspace.shard_of(self.account)
        fields = {f"plan:{name}": value for name, value in LIMITS.items()}
        await self.redis.hset(keyspace.tiers_key(shard), mapping=fields)
        await self.ledger.fence(shard, epoch)

    async def _keys(self) -> list[bytes]:
        return sorted(await self.redis.keys(f"{keyspace.tag(keyspace.shard_of(self.account))}*"))

    async def _dump(self) -> dict[bytes, bytes]:
        keys = await self._keys()
        pipeline = self.redis.pipeline(transaction=False)
        for key in keys:
            pipeline.dump(key)
        return dict(zip(keys, await pipeline.execute(), strict=True))


def said(entry: Entry) -> dict[str, str]:
    """The fields in which that entry must lie in the outbox; amounts that are 0 are left out."""
    parts = {"alloc": entry.taken, "returned": entry.returned, "lapsed": entry.lapsed}
    fields = {name: ";".join(f"{lot}={n}" for lot, n in each) for name, each in parts.items()}
    amounts = {"amount": entry.amount, "debt": entry.debt, "writeoff": entry.writeoff}
    fields |= {name: str(amount) for name, amount in amounts.items() if amount}
    fields |= {"kind": entry.kind, "seq": str(entry.seq), "epoch": str(entry.epoch)}
    fields |= {"request": entry.request, "threshold": _text(entry.threshold)}
    return {name: value for name, value in fields.items() if value}


def wrote(fields: dict[str, str]) -> dict[str, str]:
    """The same of an entry that a script wrote."""
    told = {name: value for name, value in fields.items() if value and name in _TOLD}
    return {name: value for name, value in told.items() if name not in _SUMS or int(value)}


_SUMS = ("amount", "debt", "writeoff")
_TOLD = (*_SUMS, "alloc", "returned", "lapsed", "kind", "seq", "epoch", "request", "threshold")


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _plain(answer: Any) -> Any:
    if isinstance(answer, Reservation | Extension):
        return answer.outcome, answer.number, answer.avail
    if isinstance(answer, Settlement):
        return answer.outcome, answer.charged, answer.avail, answer.seq
    return answer
