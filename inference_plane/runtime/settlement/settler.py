"""Ends holds, each exactly once, whatever became of the request that held them.

Each settlement is a task of its own: a caller who disconnects cancels the request, never the
settlement. While Redis is unavailable it is retried. If this process dies first, the hold sweeper
charges the last progress.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from inference_plane.core.transitions import Stage
from inference_plane.metrics import Metrics
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.settlement.charges import Charge, Charges, retry
from inference_plane.runtime.settlement.usage_event import final_event
from shared.calls import LedgerAway
from shared.ledger import Ledger

_log = structlog.get_logger("settler")
UNCONFIRMED_RETRIES_S = (0.0, 0.05, 0.5, 2.0, 5.0)
"""Pauses before each try to release a hold that may or may not have been made."""


class Settler:
    """Starts settlements, and waits for them when the replica shuts down."""

    def __init__(self, ledger: Ledger, charges: Charges, metrics: Metrics) -> None:
        self._ledger, self._charges, self._metrics = ledger, charges, metrics
        self._tasks: set[asyncio.Task[Any]] = set()

    def settle(self, exchange: Exchange) -> "asyncio.Future[None]":
        """Ends the hold of this exchange, which must have one, by a charge or a release.

        Awaiting the future waits for the ledger's answer; cancelling that wait cancels nothing.
        """
        charged = exchange.stage is not Stage.ADMITTED and _is_owed(exchange)
        exchange.advance(Stage.SETTLED if charged else Stage.RELEASED)
        work = self._charge(exchange) if charged else self._release(exchange)
        return asyncio.shield(self._start(work))

    def run_detached(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs work that ends with a settlement, and whose request is already over."""
        self._start(work)

    def track(self, task: "asyncio.Task[Any]") -> None:
        """`drain` waits for this task, too."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def release_unconfirmed(self, exchange: Exchange) -> None:
        """The caller disconnected during the reservation, so nobody knows whether it was made."""
        self._start(self._release_unconfirmed(exchange))

    def resend_recent(self) -> int:
        """Sends the latest charges again after a failover of Redis; returns how many."""
        recent = self._charges.recent()
        for charge in recent:
            self._start(self._charges.settle(charge))
        return len(recent)

    async def drain(self, timeout_s: float) -> int:
        """Waits for the settlements under way; returns how many did not finish in time."""
        if not self._tasks:
            return 0
        _, pending = await asyncio.wait(self._tasks, timeout=timeout_s)
        return len(pending)

    def _start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self.track(task)
        return task

    async def _charge(self, exchange: Exchange) -> None:
        hold, used = require(exchange.reserve_request), require(exchange.meter).final()
        charge = Charge(
            account=hold.account,
            request_id=hold.request_id,
            amount=_amount(exchange),
            tokens=used.total,
            event=final_event(exchange),
            api_key=hold.api_key,
        )
        if require(exchange.meter).corrected:
            provider = require(exchange.route).provider
            self._metrics.count_corrected_usage(provider)
            _log.warning("usage.corrected", request_id=exchange.request_id, provider=provider)
        self._warn_of_unpriced(exchange)
        exchange.settlement = await self._charges.settle(charge)

    def _warn_of_unpriced(self, exchange: Exchange) -> None:
        unpriced, route = require(exchange.meter).unpriced(), require(exchange.route)
        for name in unpriced:
            self._metrics.count_unpriced_usage(route.provider, name.split()[0])
        if unpriced:
            model = require(exchange.model).id
            _log.warning(
                "usage.unpriced", request_id=exchange.request_id, model=model, names=unpriced
            )

    async def _release(self, exchange: Exchange) -> None:
        hold, event = require(exchange.reserve_request), final_event(exchange)
        exchange.settlement = await retry(
            hold.request_id, lambda: self._ledger.release(hold.account, hold.request_id, event)
        )

    async def _release_unconfirmed(self, exchange: Exchange) -> None:
        """Tries several times: the release may overtake the reservation on its way to Redis."""
        hold, event = require(exchange.reserve_request), final_event(exchange)
        for wait_s in UNCONFIRMED_RETRIES_S:
            await asyncio.sleep(wait_s)
            try:
                released = await self._ledger.release(hold.account, hold.request_id, event)
            except LedgerAway:
                continue
            if released.outcome != "gone":
                return


def _amount(exchange: Exchange) -> int:
    """In micro-credits. A stream that ran out of credits costs what it held, and no more but what
    the provider's tools cost.
    """
    meter = require(exchange.meter)
    if exchange.status != "exhausted":
        return meter.charge()
    return max(min(meter.charge(), meter.held), meter.least_charge())


def _is_owed(exchange: Exchange) -> bool:
    """Whether some of the answer was delivered, or the provider counted any tokens.

    A buffered answer that fails delivers nothing, however much of it had arrived.
    """
    if exchange.status == "failed" and not exchange.request.streamed:
        return False
    return exchange.delivered or require(exchange.meter).counted
