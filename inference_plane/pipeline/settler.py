"""Ends holds, each exactly once, whatever became of the request that held them.

An ending is a task of its own that outlives its request: a caller who leaves cancels the request,
never the booking. While Redis is away it is tried again; the scripts are idempotent, so trying
again books nothing twice. Should this process die first, the janitor charges the last progress.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, NamedTuple

import structlog

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.accounts import AccountLoader
from inference_plane.pipeline.exchange import Exchange, given
from inference_plane.pipeline.record import final_event
from shared.calls import LedgerAway
from shared.errors import Refusal
from shared.ledger import Ledger, Settlement

RETRY_S_MAX = 2.0
REMEMBERED_S = 10.0
REMEMBERED_MAX = 50_000
GIVE_UP_S = (0.0, 0.05, 0.5, 2.0, 5.0)
_log = structlog.get_logger("settler")


class Charge(NamedTuple):
    """What `settle` takes, in its order."""

    account: str
    request_id: str
    micro: int
    tokens: int
    event: bytes


class Settler:
    """`finish` starts an ending; awaiting what it returns waits for it."""

    def __init__(self, ledger: Ledger, loader: AccountLoader) -> None:
        self._ledger, self._loader = ledger, loader
        self._endings: set[asyncio.Task[None]] = set()
        self._recent: deque[tuple[float, Charge]] = deque(maxlen=REMEMBERED_MAX)

    def finish(self, exchange: Exchange) -> "asyncio.Future[None]":
        """Ends the hold of this exchange, which must have one."""
        charged = exchange.stage is not Stage.ADMITTED and _owed(exchange)
        exchange.advance(Stage.SETTLED if charged else Stage.RELEASED)
        return asyncio.shield(self._start(self._end(exchange, charged)))

    def give_up(self, exchange: Exchange) -> None:
        """The caller left while the hold was being made: whether it was made, nobody heard."""
        self._start(self._release_late(exchange))

    async def drain(self, timeout_s: float) -> int:
        """Waits for endings under way; returns how many did not make it."""
        if not self._endings:
            return 0
        _, pending = await asyncio.wait(self._endings, timeout=timeout_s)
        return len(pending)

    def _start(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        ending = asyncio.get_running_loop().create_task(work)
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)
        return ending

    async def _release_late(self, exchange: Exchange) -> None:
        """Asks a few times: the release may overtake the reservation on its way."""
        ask, event = given(exchange.ask), final_event(exchange)
        for wait_s in GIVE_UP_S:
            await asyncio.sleep(wait_s)
            try:
                ended = await self._ledger.release(ask.account, ask.request_id, event)
            except LedgerAway:
                continue
            if ended.outcome != "gone":
                return

    async def _end(self, exchange: Exchange, charged: bool) -> None:
        event, wait_s = final_event(exchange), 0.05
        while True:
            try:
                exchange.settlement = await self._once(exchange, charged, event)
                return
            except (LedgerAway, Refusal) as error:
                _log.warning(
                    "settle.retry", request_id=exchange.request_id, error=type(error).__name__
                )
            await asyncio.sleep(wait_s)
            wait_s = min(RETRY_S_MAX, wait_s * 2)

    async def _once(self, exchange: Exchange, charged: bool, event: bytes) -> Settlement:
        ask = given(exchange.ask)
        if not charged:
            return await self._ledger.release(ask.account, ask.request_id, event)
        charge = Charge(
            *(ask.account, ask.request_id, _charge(exchange)),
            *(given(exchange.meter).final().total, event),
        )
        ended = await self._settle(charge)
        self._recent.append((time.monotonic(), charge))
        return ended

    async def _settle(self, charge: "Charge") -> Settlement:
        ended = await self._ledger.settle(*charge)
        if ended.outcome == "cold":
            await self._loader.load(charge.account)
            raise LedgerAway("the account was cold")
        return ended

    def settle_again(self) -> int:
        """Sends the charges of the last seconds once more; returns how many.

        For when Redis is another than it was: it may have lost what it had confirmed. What it has
        not lost it answers as repeated, and what was booked before the loss the books know.
        """
        since = time.monotonic() - REMEMBERED_S
        charges = [charge for at, charge in self._recent if at >= since]
        for charge in charges:
            self._start(self._settle_until_done(charge))
        return len(charges)

    async def _settle_until_done(self, charge: "Charge") -> None:
        wait_s = 0.05
        while True:
            try:
                await self._settle(charge)
                return
            except (LedgerAway, Refusal):
                await asyncio.sleep(wait_s)
            wait_s = min(RETRY_S_MAX, wait_s * 2)


def _charge(exchange: Exchange) -> int:
    """A stream that was stopped for credits costs what it held: no frame beyond that was sent."""
    meter = given(exchange.meter)
    return min(meter.charge(), meter.held) if exchange.status == "exhausted" else meter.charge()


def _owed(exchange: Exchange) -> bool:
    """Something was delivered, or the provider counted something.

    A plain answer that breaks delivers nothing, whatever had come of it.
    """
    if exchange.status == "failed" and not exchange.request.streamed:
        return False
    reported = given(exchange.meter).reported
    return exchange.delivered or (reported is not None and reported.total > 0)
