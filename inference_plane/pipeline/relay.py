"""Pass the answer on as it comes, and meter it.

Whole frames go out untouched, as many at once as have arrived. The usage frame and `[DONE]` stay
back: what the request cost has to be settled before they are told. No frame is passed on that what
is held does not cover. A plain request's frames are kept and folded at the end.
"""

import time
from typing import Any

import msgspec
import structlog

from inference_plane.core import sse
from inference_plane.core.transitions import Stage
from inference_plane.pipeline import respond
from inference_plane.pipeline.exchange import Exchange, given
from inference_plane.pipeline.extend import extend
from inference_plane.pipeline.plane import Plane
from inference_plane.providers import openai
from shared.errors import CreditsExhausted, UpstreamError, UpstreamTimeout
from shared.failpoints import reach

_log = structlog.get_logger("relay")
_read: Any = msgspec.json.Decoder(dict[str, Any]).decode


BROKEN = "The model's provider broke off; what you received is charged."


async def relay(exchange: Exchange, plane: Plane) -> None:
    """Raises what broke the stream; what was delivered until then stays delivered."""
    try:
        await _relay(exchange, plane)
    except (UpstreamError, UpstreamTimeout) as error:
        if exchange.headers_sent:
            raise type(error)(BROKEN) from error
        raise


async def _relay(exchange: Exchange, plane: Plane) -> None:
    splitter, meter, done = sse.Splitter(), given(exchange.meter), False
    async for piece in given(exchange.answer).pieces():
        passed = []
        for frame in splitter.feed(piece):
            payload = sse.data_of(frame)
            if payload == sse.DONE:
                done = True
            elif not payload or _take(exchange, payload):
                passed.append(frame)
        while meter.wants_more and not done:
            await extend(exchange, plane)
        if meter.overdrawn and not done:
            exchange.status = "exhausted"
            break
        if passed:
            await _pass_on(exchange, passed)
        if done:
            break
    _check_end(exchange, done)


def _check_end(exchange: Exchange, done: bool) -> None:
    """A plain answer cut short for credits ends like one cut short by its limit: as it is."""
    if done:
        exchange.status = "completed"
    elif exchange.status != "exhausted":
        raise UpstreamError
    elif exchange.request.streamed:
        raise CreditsExhausted


def _take(exchange: Exchange, payload: bytes) -> bool:
    """Meters one payload; whether it is to be passed on."""
    seen = openai.glance(payload)
    meter = given(exchange.meter)
    if seen.error is not None:
        _log.warning("upstream.error_frame", request_id=exchange.request_id)
        raise UpstreamError
    if seen.usage is not None:
        meter.reported = seen.usage
        if openai.is_usage_frame(payload, seen):
            exchange.last = _read(payload)
            return False
    if not exchange.first or not exchange.first.get("id"):
        exchange.first = _read(payload)
    if seen.text_bytes or seen.tool_call:
        meter.saw(seen.text_bytes)
    exchange.tool_called = exchange.tool_called or seen.tool_call
    exchange.frames += 1
    return True


async def _pass_on(exchange: Exchange, frames: list[bytes]) -> None:
    now = time.perf_counter()
    exchange.last_byte_at = now
    if not exchange.request.streamed:
        exchange.chunks.extend(frames)
        return
    if exchange.first_byte_s is None and exchange.frames:
        exchange.first_byte_s = now - exchange.began
        exchange.advance(Stage.RELAYING)
    await respond.piece(exchange, b"".join(frames))
    reach("replica mid-stream")
