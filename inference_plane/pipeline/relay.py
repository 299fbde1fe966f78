"""Pass the answer on as it arrives, and meter it.

Where caller and provider speak the same dialect, whole frames pass through unchanged, as many at
once as have arrived. The frames that end a stream are held back: they report the cost, so the
request is settled first. No frame is passed on whose cost exceeds the hold.
"""

import asyncio
import time

from inference_plane.core.transitions import Stage
from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.hold_extension import extend_hold
from shared.errors import CreditsExhausted, UpstreamError, UpstreamTimeout
from shared.failpoints import reach

INTERRUPTED = "The model's provider was interrupted. You are charged for what you received."


async def relay(exchange: Exchange, runtime: Runtime) -> None:
    """Raises what interrupted the stream: UpstreamError, UpstreamTimeout or CreditsExhausted."""
    try:
        async with asyncio.timeout(runtime.settings.total_timeout_s):
            await _relay(exchange, runtime)
    except (UpstreamError, UpstreamTimeout, TimeoutError) as error:
        kind = UpstreamError if isinstance(error, UpstreamError) else UpstreamTimeout
        if exchange.headers_sent:
            raise kind(INTERRUPTED) from error
        raise kind from error


async def _relay(exchange: Exchange, runtime: Runtime) -> None:
    upstream, meter = require(exchange.upstream), require(exchange.meter)
    writer = require(exchange.writer)
    if exchange.unsent:
        await _send(exchange)
    while not meter.complete and (batch := await upstream.read()):
        pieces = []
        for frame in batch:
            exchange.meter_frame(frame)
            pieces.append(writer.frame(frame.raw, frame.payload, frame.events))
        exchange.unsent += b"".join(pieces)
        while meter.extension_due and not meter.complete:
            await extend_hold(exchange, runtime)
        if meter.overdrawn and not meter.complete:
            exchange.status = "exhausted"
            break
        await _send(exchange)
    _check_end(exchange)


def _check_end(exchange: Exchange) -> None:
    """A buffered answer that ran out of credits ends like one that reached its limit."""
    if require(exchange.meter).complete:
        exchange.status = "completed"
    elif exchange.status != "exhausted":
        raise UpstreamError
    elif exchange.request.streamed:
        raise CreditsExhausted


async def _send(exchange: Exchange) -> None:
    """Sends what waits. `unsent` is emptied first: a send that is cancelled has been recorded."""
    now = time.perf_counter()
    exchange.last_sent_s = now
    if not exchange.request.streamed:
        return
    if exchange.first_token_s is None and exchange.content_frames:
        exchange.first_token_s = now - exchange.started_s
        exchange.advance(Stage.RELAYING)
    data, exchange.unsent = exchange.unsent, b""
    if data:
        await respond.chunk(exchange, data)
    reach("replica mid-stream")
