"""Runs the relay when PostgreSQL notifies of an account change, and every second anyway."""

import asyncio
from typing import Any

from control_plane.kit.database import Pool
from control_plane.ledger import store
from control_plane.ledger.relay import Relay
from control_plane.metrics import WorkerMetrics
from control_plane.workers import loops

_CHANNEL = "account_changes"
_POLL_S = 1


class ChangeRelay:
    """Listens for notifications on one connection and delivers changes."""

    def __init__(self, pool: Pool, relay: Relay, metrics: WorkerMetrics) -> None:
        self._pool, self._relay, self._metrics = pool, relay, metrics
        self._notified = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; reconnect when the connection is lost."""
        while not stop.is_set():
            await loops.attempt("change_relay", lambda: self._listen(stop))
            await loops.wait(stop, _POLL_S)

    async def _listen(self, stop: asyncio.Event) -> None:
        async with self._pool.acquire() as connection:
            await connection.add_listener(_CHANNEL, self._on_notify)
            try:
                while not connection.is_closed() and not stop.is_set():
                    self._notified.clear()
                    await self._deliver()
                    await loops.wait(self._notified, _POLL_S)
            finally:
                await connection.remove_listener(_CHANNEL, self._on_notify)

    async def _deliver(self) -> None:
        while delivered := await self._relay.deliver():
            self._metrics.delivered.inc(delivered)
        self._metrics.refused.set(await store.count_refused(self._pool))

    def _on_notify(self, *_: Any) -> None:
        self._notified.set()
