"""Replay the answer of a repeated request, which is neither run nor charged again.

The idempotency key and the body together identify a request: the same key with another body is a
conflict.
"""

from inference_plane.core.event_ids import after
from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.replays import Key
from shared.errors import IdempotencyConflict

POLLS_PER_KEEP_ALIVE = 100
"""A poll without news takes a tenth of a second."""


async def replay(exchange: Exchange, runtime: Runtime) -> None:
    """Marks the exchange as replayed if the answer was kept.

    Raises IdempotencyConflict for a key of another request, or if the answer has expired.
    """
    idempotency = exchange.idempotency
    if idempotency is None:
        return
    exchange.envelope = exchange.surface.envelope(exchange.request)
    key = Key.of(require(exchange.principal).account, idempotency.key)
    outcome = await runtime.replays.claim(key, idempotency.fingerprint)
    if outcome == "conflict":
        raise IdempotencyConflict
    if outcome == "claimed":
        numbered = exchange.request.streamed and not exchange.request.address.array
        exchange.recording = runtime.replays.record(key, numbered=numbered)
        runtime.settler.track(exchange.recording.task)
        return
    exchange.replayed, exchange.status = True, "replayed"
    if exchange.request.streamed:
        await _replay_stream(exchange, runtime, key)
    else:
        await _replay_body(exchange, runtime, key)


async def _replay_stream(exchange: Exchange, runtime: Runtime, key: Key) -> None:
    last_id, polls = require(exchange.idempotency).last_event_id, 0
    async for recorded in runtime.replays.read(key):
        data = after(recorded, last_id) if last_id else recorded
        polls += 1
        if data:
            await respond.chunk(exchange, data)
        elif not recorded and polls % POLLS_PER_KEEP_ALIVE == 0:
            await respond.chunk(exchange, require(exchange.envelope).keep_alive)
    await respond.chunk(exchange, b"", end=True)


async def _replay_body(exchange: Exchange, runtime: Runtime, key: Key) -> None:
    data = b"".join([recorded async for recorded in runtime.replays.read(key)])
    await respond.body(exchange, data)
