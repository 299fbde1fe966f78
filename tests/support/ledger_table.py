"""Money tests as tables a person can read: an operation on the left, what it came to on the right.

    grant    A  1000           -> applied    avail 1000  held    0
    reserve  A   300  as R1    -> held       avail  700  held  300
    settle   R1  120           -> settled    avail  880  held    0

Amounts are whole credits. Every line is checked, and after every line the account's books balance:
what lies in its lots, less its debt, is what is available, and its live holds are what is held.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from shared import keyspace
from shared.calls import ScriptCalls, connect
from shared.credits import MICRO
from shared.ledger import Calls, Ledger
from shared.ledger_records import Lot, ReserveRequest, Snapshot, burn_score
from tests.support.redis_reads import decoded, read_hash, read_stream

LIMITS: dict[str, int | str] = {"rank": 1, "rpm": -1, "tpm": -1, "cpd": -1, "open": -1}
LIMITS["alerts"] = "20,5,0"
FLOOR = 50
"""Credits of debt that an account may run up; what lies beyond is written off."""


class LedgerTable:
    """Plays tables against a real server."""

    def __init__(self, redis: Redis, calls: Calls | None = None) -> None:
        self.redis, self.calls = redis, calls or ScriptCalls(redis)
        self.ledger = Ledger(self.calls)
        self._asks: dict[str, ReserveRequest] = {}
        self._steps: dict[str, int] = {}
        self._grants: dict[str, int] = {}
        self._scores: dict[str, int] = {}

    async def open(self, **limits: int) -> None:
        """Opens every shard, with one tier `plan` of these limits."""
        for shard in range(keyspace.SHARDS):
            await self.ledger.fence(shard, 1)
            fields: dict[Any, Any] = {
                f"plan:{name}": value for name, value in (LIMITS | limits).items()
            }
            await self.redis.hset(keyspace.tiers_key(shard), mapping=fields)

    async def load(self, account: str) -> str:
        snapshot = Snapshot(account, 1, 0, 0, 0, -FLOOR * MICRO, "active", "plan", ())
        return (await self.ledger.load(snapshot))[0]

    async def play(self, table: str) -> None:
        for line in table.strip().splitlines():
            words = line.split()
            arrow = words.index("->")
            account, outcome = await self._do(words[:arrow])
            reported = [outcome, *await self._balance(account)]
            expected = [words[arrow + 1], *(int(w) for w in words[arrow + 2 :] if _is_int(w))]
            assert reported == expected, f"{line.strip()}\n  came to {reported}"
            await self._check_books(account)

    async def _do(self, words: list[str]) -> tuple[str, str]:
        verb, subject, rest = words[0], words[1], words[2:]
        method = getattr(self, f"_{verb}")
        outcome: tuple[str, str] = await method(subject, *[word for word in rest if word != "as"])
        return outcome

    async def _grant(self, account: str, amount: str, lot: str = "") -> tuple[str, str]:
        await self.load(account)
        change_seq = self._grants[account] = self._grants.get(account, 0) + 1
        granted = Lot(lot or f"lot{change_seq}", int(amount) * MICRO, burn_score(change_seq, None))
        self._scores[granted.id] = granted.score
        return account, (await self.ledger.grant(account, change_seq, granted))[0]

    async def _correct(self, account: str, *words: str) -> tuple[str, str]:
        """`lot 3 debt -4`: a lot that nobody granted has expired long ago."""
        amounts = dict(zip(words[::2], (int(word) * MICRO for word in words[1::2]), strict=True))
        debt, change_seq = amounts.pop("debt", 0), self._grants[account] + 1
        parts = [Lot(lot, n, self._scores.get(lot, burn_score(1, 1))) for lot, n in amounts.items()]
        outcome, _ = await self.ledger.correct(account, change_seq, parts, debt)
        self._grants[account] = change_seq
        return account, outcome

    async def _amend(self, account: str, floor: str) -> tuple[str, str]:
        change_seq = self._grants[account] = self._grants[account] + 1
        micro = int(floor) * MICRO
        return account, (await self.ledger.amend(account, change_seq, "active", "plan", micro))[0]

    async def _expire(self, account: str, lot: str) -> tuple[str, str]:
        """That lot has expired."""
        self._scores[lot] = self._scores[lot] // 10**10 * 10**10 + 1
        scores = {lot: self._scores[lot]}
        await self.redis.zadd(keyspace.lot_order_key(account), scores, xx=True)
        return account, (await self.ledger.expire_lots(account))[0]

    async def _reload(self, account: str, *lots: str) -> tuple[str, str]:
        """The shard enters its second epoch; the account is loaded with what these lots have."""
        await self.ledger.fence(keyspace.shard_of(account), 2)
        left = {k.decode(): int(v) for k, v in (await self._lots(account)).items()}
        change_seq = self._grants[account]
        known = tuple(Lot(lot, left[lot], self._scores[lot]) for lot in lots)
        fresh = Snapshot(account, 2, 0, change_seq, 0, -FLOOR * MICRO, "active", "plan", known)
        return account, (await self.ledger.load(fresh))[0]

    async def _reserve(self, account: str, amount: str, name: str) -> tuple[str, str]:
        micro = int(amount) * MICRO
        ask = ReserveRequest(
            account, name, name, micro, micro, 10, 0, 60_000, b'{"request_id":"x"}'
        )
        self._asks[name] = ask
        return account, (await self.ledger.reserve(ask)).outcome

    async def _extend(self, name: str, amount: str) -> tuple[str, str]:
        step = self._steps[name] = self._steps.get(name, 0) + 1
        micro = int(amount) * MICRO
        answer = await self.ledger.extend(
            self._asks[name], step=step, target=micro, min_hold=micro, tokens=0, used=0
        )
        return self._asks[name].account, answer.outcome

    async def _progress(self, name: str, used: str) -> tuple[str, str]:
        account = self._asks[name].account
        alive = await self.ledger.progress(account, name, int(used) * MICRO, 60_000)
        return account, "alive" if alive else "gone"

    async def _settle(self, name: str, charge: str, account: str = "") -> tuple[str, str]:
        account = account or self._asks[name].account
        end = await self.ledger.settle(account, name, int(charge) * MICRO, 10, b"{}")
        return account, end.outcome

    async def _release(self, name: str) -> tuple[str, str]:
        account = self._asks[name].account
        return account, (await self.ledger.release(account, name, b"{}")).outcome

    async def _sweep(self, name: str) -> tuple[str, str]:
        account = self._asks[name].account
        return account, (await self.ledger.sweep(account, name)).outcome

    async def _overdue(self, name: str) -> tuple[str, str]:
        """Moves the hold's deadline into the past: its replica has died."""
        account = self._asks[name].account
        await self.redis.hset(keyspace.hold_key(account, name), "deadline", "1")
        return account, "overdue"

    async def account(self, account: str) -> dict[str, Any]:
        return decoded(await read_hash(self.redis, keyspace.account_key(account)))

    async def entries(self, account: str) -> list[dict[str, str]]:
        """What the outbox holds of this account, in order."""
        key = keyspace.outbox_key(keyspace.shard_of(account))
        found = [decoded(entry) for _, entry in await read_stream(self.redis, key)]
        return [entry for entry in found if entry["account"] == account]

    async def _lots(self, account: str) -> dict[bytes, bytes]:
        return await read_hash(self.redis, keyspace.lots_key(account))

    async def _balance(self, account: str) -> list[int]:
        fields = await self.account(account)
        return [int(fields["avail"]) // MICRO, int(fields["held"]) // MICRO]

    async def _check_books(self, account: str) -> None:
        fields = await self.account(account)
        lots = [int(v) for v in (await self._lots(account)).values()]
        assert all(lot >= 0 for lot in lots)
        assert sum(lots) - int(fields["debt"]) == int(fields["avail"])
        assert int(fields["debt"]) <= FLOOR * MICRO
        entries = await self.entries(account)
        seqs = [int(entry["seq"]) for entry in entries if entry["epoch"] == fields["epoch"]]
        assert seqs == list(range(1, int(fields["seq"]) + 1))


def _is_int(word: str) -> bool:
    return word.removeprefix("-").isdigit()


@asynccontextmanager
async def ledger_table(redis_url: str, **limits: int) -> AsyncIterator[LedgerTable]:
    redis = connect(redis_url)
    table = LedgerTable(redis)
    await table.open(**limits)
    try:
        yield table
    finally:
        await redis.aclose()
