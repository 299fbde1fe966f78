"""Runs the relay: at once when PostgreSQL tells of a change, and every second anyway."""

import asyncio
from typing import Any

from control_plane.credits.relay import Relay
from control_plane.kit.database import Pool
from control_plane.workers import loops
from control_plane.workers.metrics import Metrics

_CHANNEL = "grant_outbox"
_POLL_S = 1


class Courier:
    """Keeps one relay going."""

    def __init__(self, pool: Pool, relay: Relay, metrics: Metrics) -> None:
        self._pool, self._relay, self._metrics = pool, relay, metrics
        self._told = asyncio.Event()

    async def run(self) -> None:
        """For ever: whenever the connection it listens on is lost, on another one."""
        while True:
            await loops.attempt("courier", self._listen)
            await loops.attempt("courier", self._deliver)
            await asyncio.sleep(_POLL_S)

    async def _listen(self) -> None:
        async with self._pool.acquire() as connection:
            await connection.add_listener(_CHANNEL, self._tell)
            try:
                while not connection.is_closed():
                    self._told.clear()
                    await self._deliver()
                    await self._wait()
            finally:
                await connection.remove_listener(_CHANNEL, self._tell)

    async def _deliver(self) -> None:
        while delivered := await self._relay.deliver():
            self._metrics.delivered.inc(delivered)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_POLL_S):
                await self._told.wait()
        except TimeoutError:
            return

    def _tell(self, *_: Any) -> None:
        self._told.set()
