"""Every few seconds, for every request in flight: tell the ledger, and keep the connection alive.

The ledger learns what an answer has cost so far and moves the hold's deadline: three missed beats
mean a dead replica. The caller of a stream that is silent gets a comment, so that no proxy in
between takes a thinking model for a dead one.
"""

import asyncio
import time

import structlog

from inference_plane.core.transitions import HOLDING
from inference_plane.pipeline import respond
from inference_plane.pipeline.exchange import Exchange, given
from shared.calls import LedgerAway
from shared.ledger import Ledger

BEAT_S = 5.0
DEADLINE_MS = 15_000
SILENCE_S = 10.0
_log = structlog.get_logger("heartbeat")


class Heartbeat:
    """Watches exchanges from their connection to their end."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
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
            await asyncio.sleep(BEAT_S)
            live = [exchange for exchange in self._watched if exchange.stage in HOLDING]
            await asyncio.gather(*(self._beat(exchange) for exchange in live))

    async def _beat(self, exchange: Exchange) -> None:
        ask, meter = given(exchange.ask), given(exchange.meter)
        used = meter.spent if exchange.delivered else 0
        try:
            await self._ledger.progress(ask.account, ask.request_id, used, DEADLINE_MS)
        except LedgerAway:
            _log.warning("progress.away", request_id=exchange.request_id)
        if exchange.request.streamed and exchange.stage in HOLDING and _silent(exchange):
            exchange.last_byte_at = time.perf_counter()
            await respond.piece(exchange, given(exchange.envelope).keep_alive)


def _silent(exchange: Exchange) -> bool:
    since = exchange.last_byte_at or exchange.began
    return time.perf_counter() - since >= SILENCE_S - BEAT_S / 2
