"""Janitor: ends the holds that dead replicas left, soon after their deadlines. There is one."""

import asyncio

import structlog

from inference_plane.runtime.sweeping import Sweeper
from inference_plane.settings import InferenceSettings
from shared import logs
from shared.calls import LedgerAway, ScriptCalls, connect
from shared.ledger import Ledger

EVERY_S = 2.0
_log = structlog.get_logger("janitor")


class Janitor:
    """Sweeps every shard every few seconds."""

    def __init__(self) -> None:
        settings = InferenceSettings()
        logs.configure(settings.log_level, settings.log_format)
        redis = connect(settings.redis_url.get_secret_value())
        self._sweeper = Sweeper(redis, Ledger(ScriptCalls(redis)))
        self._work = asyncio.get_running_loop().create_task(self._sweep_for_ever())

    async def check_health(self) -> None:
        """Serve replaces a janitor whose work has ended."""
        if self._work.done():
            raise RuntimeError("the janitor has stopped sweeping")

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                ended = await self._sweeper.sweep_all()
                if ended:
                    _log.info("holds.swept", count=ended)
            except LedgerAway:
                _log.warning("sweep.away")
            await asyncio.sleep(EVERY_S)
