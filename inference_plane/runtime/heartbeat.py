"""Every few seconds, for every request in flight: reports progress, and keeps the connection alive.

The ledger learns what the answer has cost so far and moves the hold's deadline; three missed beats
mean that the replica is dead. A stream that has been silent gets a comment, so that no proxy closes
it while a model thinks. A caller who does not read delays no other request's beat.
"""

import asyncio
import time

import structlog

from inference_plane.core.transitions import HOLDING
from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, require
from shared.calls import LedgerAway
from shared.ledger import Ledger

BEAT_S = 5.0
DEADLINE_MS = 15_000
_log = structlog.get_logger("heartbeat")


class Heartbeat:
    """Beats for each exchange from its connection to its end."""

    def __init__(self, ledger: Ledger, keep_alive_s: float) -> None:
        """`keep_alive_s`: a stream that was silent for so long gets a comment."""
        self._ledger, self._keep_alive_s = ledger, keep_alive_s
        self._beat_s = min(BEAT_S, keep_alive_s / 2)
        self._exchanges: set[Exchange] = set()

    def add(self, exchange: Exchange) -> None:
        self._exchanges.add(exchange)

    def remove(self, exchange: Exchange) -> None:
        self._exchanges.discard(exchange)

    @property
    def open_streams(self) -> int:
        """How many requests are in flight."""
        return len(self._exchanges)

    async def run(self) -> None:
        """Beats until cancelled."""
        while True:
            await asyncio.sleep(self._beat_s)
            live = [exchange for exchange in self._exchanges if exchange.stage in HOLDING]
            beats = (self._beat(exchange) for exchange in live)
            for failure in await asyncio.gather(*beats, return_exceptions=True):
                if failure is not None:
                    _log.error("heartbeat.failed", exc_info=failure)

    async def _beat(self, exchange: Exchange) -> None:
        hold, meter = require(exchange.reserve_request), require(exchange.meter)
        used = meter.spent if exchange.delivered else 0
        try:
            await self._ledger.progress(hold.account, hold.request_id, used, DEADLINE_MS)
        except LedgerAway:
            _log.warning("progress.unavailable", request_id=exchange.request_id)
        if exchange.request.streamed and exchange.stage in HOLDING and self._is_silent(exchange):
            exchange.last_sent_s = time.perf_counter()
            await self._send_keep_alive(exchange)

    async def _send_keep_alive(self, exchange: Exchange) -> None:
        """A caller who does not read would block the send, so it is given little time."""
        try:
            async with asyncio.timeout(self._beat_s / 2):
                await respond.chunk(exchange, require(exchange.envelope).keep_alive)
        except TimeoutError:
            _log.info("keep_alive.unread", request_id=exchange.request_id)

    def _is_silent(self, exchange: Exchange) -> bool:
        since = exchange.last_sent_s or exchange.started_s
        return time.perf_counter() - since >= self._keep_alive_s - self._beat_s / 2
