"""What goes on after the caller has left.

Two reasons: Google bills an answer to its end whether anyone reads it or not, so it is read on, for
a while, and the provider's own count is charged. And a caller that sent an idempotency key may come
back for the rest: a laptop that slept, a train in a tunnel; so the answer goes on being kept while
someone listens, and for a moment after.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.ending import end
from inference_plane.pipeline.finish import finish
from inference_plane.pipeline.relay import relay, take
from inference_plane.pipeline.settle import settle
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from shared.errors import CreditsExhausted, Refusal

Step = Callable[[Exchange, Plane], Awaitable[None]]
_WATCH_S = 1.0
_REST: dict[Stage, tuple[Step, ...]] = {
    Stage.CONNECTED: (relay, settle, finish),
    Stage.RELAYING: (relay, settle, finish),
    Stage.SETTLED: (finish,),
}
"""What is left to do, by how far the request had come."""

_log = structlog.get_logger("outlive")


def outlives(exchange: Exchange) -> bool:
    """Whether this answer is to be read on, or told to its end, without its caller."""
    if exchange.recorder is not None:
        return exchange.stage in _REST
    if exchange.stage is not Stage.RELAYING or exchange.route is None:
        return False
    return PROVIDERS[exchange.route.provider].bills_on


async def outlive(exchange: Exchange, plane: Plane) -> None:
    """Reads to the end or to the bound, whichever is first; then settles."""
    exchange.leave()
    keep = exchange.recorder is not None
    work = asyncio.ensure_future(_keep(exchange, plane) if keep else _drain(exchange, plane))
    try:
        await _watch(work, exchange, plane)
        await asyncio.wait({work})
        failed = None if work.cancelled() else work.exception()
        if failed is not None:
            _log.info("outlive.cut", request_id=exchange.request_id, why=type(failed).__name__)
            _tell(exchange, failed)
    finally:
        exchange.status = "completed" if given(exchange.meter).complete else "cancelled"
        await end(exchange, plane)
        exchange.close_record()


async def _watch(work: "asyncio.Future[None]", exchange: Exchange, plane: Plane) -> None:
    """Cuts the work when the bound is reached and nobody has listened for as long."""
    loop = asyncio.get_running_loop()
    recorder, bound_s = exchange.recorder, plane.settings.drain_s
    until = loop.time() + bound_s
    while not work.done():
        await asyncio.wait({work}, timeout=_WATCH_S)
        if recorder is not None and 0 <= recorder.heard_ms_ago < bound_s * 1000:
            until = loop.time() + bound_s - recorder.heard_ms_ago / 1000
        if loop.time() > until:
            work.cancel()
            return


async def _keep(exchange: Exchange, plane: Plane) -> None:
    for step in _REST[exchange.stage]:
        await step(exchange, plane)


async def _drain(exchange: Exchange, plane: Plane) -> None:
    del plane
    incoming, meter = given(exchange.incoming), given(exchange.meter)
    while not meter.complete and (batch := await incoming.read()):
        for seen in batch:
            take(exchange, seen)


def _tell(exchange: Exchange, failed: BaseException) -> None:
    """Who comes back for the answer learns how it broke."""
    if isinstance(failed, CreditsExhausted):
        exchange.status = "exhausted"
    if exchange.recorder is not None and isinstance(failed, Refusal):
        error = exchange.surface.stream_error(failed, exchange.request_id)
        exchange.recorder.add(given(exchange.envelope).failed(error))
