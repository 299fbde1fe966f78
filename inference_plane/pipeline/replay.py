"""A repeated request is answered with what the first one was, and neither run nor charged again.

The key and the body together make a request: the same key with another body is a conflict.
"""

from inference_plane.core.event_ids import after
from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.replays import Key
from shared.errors import IdempotencyConflict

TICKS_PER_KEEP_ALIVE = 100
"""A tick of silence is a tenth of a second."""


async def replay(exchange: Exchange, plane: Plane) -> None:
    """Raises IdempotencyConflict; marks the exchange answered where the answer was kept."""
    repeat = exchange.repeat
    if repeat is None:
        return
    exchange.envelope = exchange.surface.envelope(exchange.request)
    key = Key.of(given(exchange.principal).account, repeat.key)
    outcome = await plane.replays.claim(key, repeat.fingerprint)
    if outcome == "other":
        raise IdempotencyConflict
    if outcome == "fresh":
        numbered = exchange.request.streamed and not exchange.request.address.array
        exchange.recorder = plane.replays.record(key, numbered=numbered)
        plane.settler.keep(exchange.recorder.task)
        return
    exchange.answered, exchange.status = True, "replayed"
    if exchange.request.streamed:
        await _replay(exchange, plane, key)
    else:
        await _replay_whole(exchange, plane, key)


async def _replay(exchange: Exchange, plane: Plane, key: Key) -> None:
    last, sent, ticks = given(exchange.repeat).last_event, False, 0
    async for kept in plane.replays.read(key):
        piece = after(kept, last) if last else kept
        sent, ticks = sent or bool(kept), ticks + 1
        if piece:
            await respond.piece(exchange, piece)
        elif not kept and ticks % TICKS_PER_KEEP_ALIVE == 0:
            await respond.piece(exchange, given(exchange.envelope).keep_alive)
    if not sent:
        raise _expired()
    await respond.piece(exchange, b"", end=True)


async def _replay_whole(exchange: Exchange, plane: Plane, key: Key) -> None:
    body = b"".join([piece async for piece in plane.replays.read(key)])
    if not body:
        raise _expired()
    await respond.free(exchange, body)


def _expired() -> IdempotencyConflict:
    return IdempotencyConflict("This request was answered; its answer is no longer kept.")
