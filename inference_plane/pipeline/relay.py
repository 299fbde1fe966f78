"""Pass the answer on as it comes, and meter it.

Where caller and provider speak the same dialect whole frames go out untouched, as many at once as
have arrived. What tells the end stays back: what the request cost has to be settled before it is
told. No frame is passed on that what is held does not cover.
"""

import asyncio
import time

import structlog

from inference_plane.core import events
from inference_plane.core.transitions import Stage
from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.extend import extend
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.upstream_stream import Seen
from shared.errors import CreditsExhausted, UpstreamError, UpstreamTimeout
from shared.failpoints import reach

BROKEN = "The model's provider broke off; what you received is charged."
_log = structlog.get_logger("relay")


async def relay(exchange: Exchange, plane: Plane) -> None:
    """Raises what broke the stream; what was delivered until then stays delivered."""
    try:
        async with asyncio.timeout(plane.settings.total_timeout_s):
            await _relay(exchange, plane)
    except (UpstreamError, UpstreamTimeout, TimeoutError) as error:
        kind = UpstreamError if isinstance(error, UpstreamError) else UpstreamTimeout
        if exchange.headers_sent:
            raise kind(BROKEN) from error
        raise kind from error


async def _relay(exchange: Exchange, plane: Plane) -> None:
    incoming, meter, writer = (
        given(exchange.incoming),
        given(exchange.meter),
        given(exchange.writer),
    )
    if exchange.unsent:
        await _pass_on(exchange)
    while not meter.complete and (batch := await incoming.read()):
        pieces = []
        for seen in batch:
            take(exchange, seen)
            pieces.append(writer.frame(seen.frame, seen.payload, seen.events))
        exchange.unsent += b"".join(pieces)
        while meter.wants_more and not meter.complete:
            await extend(exchange, plane)
        if meter.overdrawn and not meter.complete:
            exchange.status = "exhausted"
            break
        await _pass_on(exchange)
    _check_end(exchange)


def _check_end(exchange: Exchange) -> None:
    """A plain answer cut short for credits ends like one cut short by its limit: as it is."""
    if given(exchange.meter).complete:
        exchange.status = "completed"
    elif exchange.status != "exhausted":
        raise UpstreamError
    elif exchange.request.streamed:
        raise CreditsExhausted


def take(exchange: Exchange, seen: Seen) -> None:
    """Meters one frame. Raises UpstreamError for the provider's own word that it has failed."""
    given(exchange.meter).take(seen.events)
    for event in seen.events:
        if isinstance(event, events.Failed):
            _log.warning("upstream.error_frame", request_id=exchange.request_id)
            raise UpstreamError
        if isinstance(event, events.ToolCalled):
            exchange.tool_called = True
    exchange.frames += seen.content


async def _pass_on(exchange: Exchange) -> None:
    """What waits is handed over before it is waited for: who is cancelled then loses none."""
    now = time.perf_counter()
    exchange.last_byte_at = now
    if not exchange.request.streamed:
        return
    if exchange.first_byte_s is None and exchange.frames:
        exchange.first_byte_s = now - exchange.began
        exchange.advance(Stage.RELAYING)
    data, exchange.unsent = exchange.unsent, b""
    if data:
        await respond.piece(exchange, data)
    reach("replica mid-stream")
