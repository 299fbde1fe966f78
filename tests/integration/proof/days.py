"""Random days of one account: requests of every fate, on the server and in the model at once.

A day is a list of `Fate`s, drawn by hypothesis. What a day wrote is for the record to book.
"""

import itertools
from dataclasses import dataclass

from hypothesis import strategies as st
from redis.asyncio import Redis

from shared import keyspace
from shared.calls import ScriptCalls
from shared.ledger import Ledger
from shared.ledger_records import ReserveRequest
from tests.integration.control_plane.play import Spender
from tests.support.ledger_model import Model

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Fate:
    """What becomes of one request. Amounts are micro-credits."""

    name: str
    held: int
    cost: int
    """What it really cost."""
    reported: int
    """What its replica had reported when it died."""


NAMES = ("settled", "released", "died", "died late", "never sent", "unreserved", "extended")
fates = st.builds(
    Fate,
    st.sampled_from(NAMES),
    st.integers(1, 30_000_000),
    st.integers(0, 60_000_000),
    st.integers(0, 40_000_000),
)


class Day:
    """Plays fates for one account, whose model has what the server has."""

    def __init__(self, redis: Redis, model: Model) -> None:
        self._redis, self._ledger, self._model = redis, Ledger(ScriptCalls(redis)), model
        self._spender = Spender(self._ledger, model.account)

    async def play(self, fate: Fate) -> None:
        request = f"day-{next(_numbers)}"
        if fate.name == "unreserved":
            await self._settle(request, fate.cost)
        elif await self._reserve(request, fate):
            await self._follow(request, fate)

    async def _follow(self, request: str, fate: Fate) -> None:
        if fate.name == "extended":
            await self._extend(request, fate)
        if fate.name == "released":
            reported = await self._ledger.release(self._model.account, request, b"{}")
            assert reported.outcome == self._model.release(request)[0]
        elif fate.name in ("settled", "extended"):
            await self._settle(request, fate.cost)
        else:
            await self._die(request, fate)

    async def _die(self, request: str, fate: Fate) -> None:
        account, model = self._model.account, self._model
        if fate.name != "never sent":
            await self._ledger.progress(account, request, fate.reported, 60_000)
            model.progress(request, fate.reported)
        await self._redis.hset(keyspace.hold_key(account, request), "deadline", "1")
        model.holds[request].overdue = True
        reported = await self._ledger.sweep(account, request)
        assert reported.outcome == model.sweep(request)[0]
        if fate.name == "died late":
            await self._settle(request, fate.cost)

    async def _reserve(self, request: str, fate: Fate) -> bool:
        min_hold = min(fate.held, 1_000_000)
        ask = self._ask(request, fate.held, min_hold)
        reported = await self._ledger.reserve(ask)
        expected = self._model.reserve(request, fate.held, min_hold, tokens=10, now=0)
        assert reported.outcome == expected[0]
        return reported.outcome == "held"

    async def _extend(self, request: str, fate: Fate) -> None:
        more = {"step": 1, "target": fate.reported + 1, "min_hold": 1, "tokens": 0}
        ask = self._ask(request, 1, 1)
        reported = await self._ledger.extend(ask, **more, used=0)
        assert reported.outcome == self._model.extend(request, **more, now=0)[0]

    async def _settle(self, request: str, cost: int) -> None:
        event = self._spender.event(request)
        reported = await self._ledger.settle(self._model.account, request, cost, 42, event)
        expected = self._model.settle(request, cost, 42)
        assert (reported.outcome, reported.charged, reported.avail, reported.seq) == expected

    def _ask(self, request: str, target: int, min_hold: int) -> ReserveRequest:
        account, event = self._model.account, self._spender.event(request)
        return ReserveRequest(account, request, "f", target, min_hold, 10, 0, 60_000, event)
