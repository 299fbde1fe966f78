"""Finishes a request whose caller has disconnected.

There are two reasons to go on. Google bills an answer to its end whether or not anyone reads it, so
it is read on for a while, and the provider's own count is charged. And a caller who sent an
idempotency key may come back for the rest, so the answer is recorded for as long as someone reads
the recording, and for a while after.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from inference_plane.core.transitions import Stage
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.errors import CreditsExhausted, Refusal

Step = Callable[[Exchange, Runtime], Awaitable[None]]
_CHECK_S = 1.0
_RECORDED_STAGES = frozenset({Stage.CONNECTED, Stage.RELAYING, Stage.SETTLED})
_log = structlog.get_logger("detached")


def continues(exchange: Exchange) -> bool:
    """Whether this request is finished without its caller."""
    if exchange.recording is not None:
        return exchange.stage in _RECORDED_STAGES
    if exchange.stage is not Stage.RELAYING or exchange.route is None:
        return False
    return PROVIDERS[exchange.route.provider].bills_after_disconnect


async def run(exchange: Exchange, runtime: Runtime, remaining: tuple[Step, ...]) -> None:
    """Reads to the end, or until the time limit; then settles.

    `remaining` are the steps still to run, for an answer that is recorded.
    """
    exchange.disconnect()
    recorded = exchange.recording is not None
    work = asyncio.ensure_future(
        _run_steps(exchange, runtime, remaining) if recorded else _drain(exchange)
    )
    try:
        await _limit(work, exchange, runtime)
        await asyncio.wait({work})
        failure = None if work.cancelled() else work.exception()
        if failure is not None:
            _log.info(
                "detached.failed", request_id=exchange.request_id, error=type(failure).__name__
            )
            _record_failure(exchange, failure)
    finally:
        exchange.status = "completed" if require(exchange.meter).complete else "cancelled"
        await runtime.end(exchange)
        exchange.close_recording()


async def _limit(work: "asyncio.Future[None]", exchange: Exchange, runtime: Runtime) -> None:
    """Cancels the work when `drain_s` has passed since the disconnect or the last reader."""
    loop = asyncio.get_running_loop()
    recording, limit_s = exchange.recording, runtime.settings.drain_s
    until = loop.time() + limit_s
    while not work.done():
        await asyncio.wait({work}, timeout=_CHECK_S)
        if recording is not None and 0 <= recording.last_read_ms_ago < limit_s * 1000:
            until = loop.time() + limit_s - recording.last_read_ms_ago / 1000
        if loop.time() > until:
            work.cancel()
            return


async def _run_steps(exchange: Exchange, runtime: Runtime, steps: tuple[Step, ...]) -> None:
    for step in steps:
        await step(exchange, runtime)


async def _drain(exchange: Exchange) -> None:
    upstream, meter = require(exchange.upstream), require(exchange.meter)
    while not meter.complete and (batch := await upstream.read()):
        for frame in batch:
            exchange.meter_frame(frame)


def _record_failure(exchange: Exchange, failure: BaseException) -> None:
    """Ends the recording with the error, for a caller who comes back."""
    if isinstance(failure, CreditsExhausted):
        exchange.status = "exhausted"
    if exchange.recording is not None and isinstance(failure, Refusal):
        error = exchange.surface.stream_error(failure, exchange.request_id)
        exchange.recording.add(require(exchange.envelope).failed(error))
