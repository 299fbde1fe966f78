"""HoldSweeper: ends the holds that dead replicas left, soon after their deadlines. It runs once."""

import asyncio

import structlog

from inference_plane.runtime.sweeping import Sweeper
from inference_plane.settings import InferenceSettings
from shared import logs
from shared.calls import LedgerAway, ScriptCalls, connect
from shared.ledger import Ledger

SWEEP_S = 2.0
_log = structlog.get_logger("hold_sweeper")


class HoldSweeper:
    """Sweeps every shard every few seconds."""

    def __init__(self) -> None:
        settings = InferenceSettings()
        logs.configure(settings.log_level, settings.log_format)
        redis = connect(settings.redis_url.get_secret_value())
        self._sweeper = Sweeper(redis, Ledger(ScriptCalls(redis)))
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def check_health(self) -> None:
        """Called by Serve, which replaces the sweeper if this raises RuntimeError."""
        if self._task.done():
            raise RuntimeError("the hold sweeper has stopped")

    async def _run(self) -> None:
        while True:
            try:
                ended = await self._sweeper.sweep_all()
                if ended:
                    _log.info("holds.swept", count=ended)
            except LedgerAway:
                _log.warning("sweep.unavailable")
            await asyncio.sleep(SWEEP_S)
