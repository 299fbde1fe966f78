"""What goes on after the caller has left, where leaving does not stop the bill.

Google bills an answer to its end whether anyone reads it or not; so it is read on, for a while, and
what it comes to is charged: the provider's own count, not our guess at it.
"""

import asyncio

import structlog

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.ending import end
from inference_plane.pipeline.exchange import Exchange, given
from inference_plane.pipeline.plane import Plane
from inference_plane.pipeline.relay import take
from inference_plane.providers.table import PROVIDERS
from shared.errors import Refusal

_log = structlog.get_logger("drain")


def drains(exchange: Exchange) -> bool:
    """Whether this answer is to be read on without its caller."""
    if exchange.stage is not Stage.RELAYING or exchange.route is None:
        return False
    return PROVIDERS[exchange.route.provider].bills_on


async def drain(exchange: Exchange, plane: Plane) -> None:
    """Reads to the end or to the bound, whichever is first; then settles."""
    try:
        async with asyncio.timeout(plane.settings.drain_s):
            await _read_on(exchange)
    except (TimeoutError, Refusal) as error:
        _log.info("drain.cut", request_id=exchange.request_id, why=type(error).__name__)
    finally:
        await end(exchange, plane)


async def _read_on(exchange: Exchange) -> None:
    incoming, meter = given(exchange.incoming), given(exchange.meter)
    while not meter.complete and (batch := await incoming.read()):
        for seen in batch:
            take(exchange, seen)
