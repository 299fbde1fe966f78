"""Tell the caller the end: the usage frame and `[DONE]`, or the whole plain answer."""

from typing import Any

import msgspec

from inference_plane.core import sse
from inference_plane.pipeline import respond
from inference_plane.pipeline.exchange import Exchange, given
from inference_plane.pipeline.plane import Plane
from inference_plane.surfaces import openai_chat
from shared.credits import public

_read: Any = msgspec.json.Decoder(dict[str, Any]).decode


async def conclude(exchange: Exchange, plane: Plane) -> None:
    """Runs after settle, so that what it says is what was booked."""
    used, ours = given(exchange.meter).final(), _credits(exchange, plane)
    last = exchange.last or {}
    if exchange.request.streamed:
        tail = openai_chat.encode_last(exchange.first or {}, last, used, ours)
        await respond.piece(exchange, tail, end=True)
        return
    chunks = [_read(sse.data_of(frame)) for frame in exchange.chunks if b"data:" in frame]
    body = openai_chat.encode_whole(chunks, last, used, ours)
    await respond.whole(exchange, body, str(ours["deducted"]))


def _credits(exchange: Exchange, plane: Plane) -> dict[str, Any]:
    """`remaining` is what is available now: what other requests hold is not in it."""
    increment, settlement = plane.settings.credit_increment, exchange.settlement
    if settlement is None:
        charge = given(exchange.meter).charge()
        return {"deducted": public(charge, increment), "remaining": None}
    return {
        "deducted": public(settlement.charged, increment),
        "remaining": public(max(0, settlement.avail), increment),
    }
