"""Every few seconds, for every request in flight: tell the ledger, and keep the connection alive.

The ledger learns what an answer has cost so far and moves the hold's deadline: three missed beats
mean a dead replica. The caller of a stream that is silent gets a comment, so that no proxy in
between takes a thinking model for a dead one. A caller who has stopped reading holds up nobody
else's beat.
"""

import asyncio
import time

import structlog

from inference_plane.core.transitions import HOLDING
from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from shared.calls import LedgerAway
from shared.ledger import Ledger

BEAT_S = 5.0
DEADLINE_MS = 15_000
_log = structlog.get_logger("heartbeat")


class Heartbeat:
    """Watches exchanges from their connection to their end."""

    def __init__(self, ledger: Ledger, silence_s: float) -> None:
        self._ledger, self._silence_s = ledger, silence_s
        self._beat_s = min(BEAT_S, silence_s / 2)
        self._watched: set[Exchange] = set()

    def watch(self, exchange: Exchange) -> None:
        self._watched.add(exchange)

    def forget(self, exchange: Exchange) -> None:
        self._watched.discard(exchange)

    @property
    def open_streams(self) -> int:
        return len(self._watched)

    async def beat_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            live = [exchange for exchange in self._watched if exchange.stage in HOLDING]
            beats = (self._beat(exchange) for exchange in live)
            for failed in await asyncio.gather(*beats, return_exceptions=True):
                if failed is not None:
                    _log.error("heartbeat.failed", exc_info=failed)

    async def _beat(self, exchange: Exchange) -> None:
        ask, meter = given(exchange.ask), given(exchange.meter)
        used = meter.spent if exchange.delivered else 0
        try:
            await self._ledger.progress(ask.account, ask.request_id, used, DEADLINE_MS)
        except LedgerAway:
            _log.warning("progress.away", request_id=exchange.request_id)
        if exchange.request.streamed and exchange.stage in HOLDING and self._silent(exchange):
            exchange.last_byte_at = time.perf_counter()
            await self._comfort(exchange)

    async def _comfort(self, exchange: Exchange) -> None:
        """A caller who does not read can't be told either, and is not waited for."""
        try:
            async with asyncio.timeout(self._beat_s / 2):
                await respond.piece(exchange, given(exchange.envelope).keep_alive)
        except TimeoutError:
            _log.info("keep_alive.unread", request_id=exchange.request_id)

    def _silent(self, exchange: Exchange) -> bool:
        since = exchange.last_byte_at or exchange.began
        return time.perf_counter() - since >= self._silence_s - self._beat_s / 2
