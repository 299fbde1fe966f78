"""Ends holds, each exactly once, whatever became of the request that held them.

An ending is a task of its own that outlives its request: a caller who leaves cancels the request,
never the booking. While Redis is away it is tried again. Should this process die first, the janitor
charges the last progress.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from inference_plane.core.transitions import Stage
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.settlement.charges import Charge, Charges, until_done
from inference_plane.runtime.settlement.usage_event import final_event
from shared.calls import LedgerAway
from shared.ledger import Ledger

GIVE_UP_S = (0.0, 0.05, 0.5, 2.0, 5.0)


class Settler:
    """`finish` starts an ending; awaiting what it returns waits for it."""

    def __init__(self, ledger: Ledger, charges: Charges) -> None:
        self._ledger, self._charges = ledger, charges
        self._endings: set[asyncio.Task[Any]] = set()

    def finish(self, exchange: Exchange) -> "asyncio.Future[None]":
        """Ends the hold of this exchange, which must have one."""
        charged = exchange.stage is not Stage.ADMITTED and _owed(exchange)
        exchange.advance(Stage.SETTLED if charged else Stage.RELEASED)
        return asyncio.shield(
            self._start(self._charge(exchange) if charged else self._release(exchange))
        )

    def outlive(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that ends with a hold's ending, and whose request is over before it."""
        self._start(work)

    def keep(self, task: "asyncio.Task[Any]") -> None:
        """A task that must have ended before this replica does."""
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    def give_up(self, exchange: Exchange) -> None:
        """The caller left while the hold was being made: whether it was made, nobody heard."""
        self._start(self._release_late(exchange))

    def settle_again(self) -> int:
        """For when Redis is another than it was: tells the last charges again; returns how many."""
        recent = self._charges.recent()
        for charge in recent:
            self._start(self._charges.book(charge))
        return len(recent)

    async def drain(self, timeout_s: float) -> int:
        """Waits for endings under way; returns how many did not make it."""
        if not self._endings:
            return 0
        _, pending = await asyncio.wait(self._endings, timeout=timeout_s)
        return len(pending)

    def _start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        ending = asyncio.get_running_loop().create_task(work)
        self.keep(ending)
        return ending

    async def _charge(self, exchange: Exchange) -> None:
        ask, used = given(exchange.ask), given(exchange.meter).final()
        charge = Charge(
            *(ask.account, ask.request_id, _cost(exchange)),
            *(used.total, final_event(exchange), ask.api_key),
        )
        exchange.settlement = await self._charges.book(charge)

    async def _release(self, exchange: Exchange) -> None:
        ask, event = given(exchange.ask), final_event(exchange)
        exchange.settlement = await until_done(
            ask.request_id, lambda: self._ledger.release(ask.account, ask.request_id, event)
        )

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


def _cost(exchange: Exchange) -> int:
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
