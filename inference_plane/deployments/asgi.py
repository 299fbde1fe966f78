"""The replica's ASGI application: a request comes in, runs through the steps, and is answered.

It is raw ASGI because a framework's request and response objects cost more than the relay itself.
Every refusal is sent from here: as an HTTP error before the first byte, as one frame after it. What
fails in a way that nobody foresaw is answered here, too, in the shape of the surface it came by.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import Any

import structlog

from inference_plane import pipeline
from inference_plane.deployments import responses
from inference_plane.deployments.request_log import request_line
from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime, build_runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.incoming import Incoming
from inference_plane.settings import InferenceSettings
from inference_plane.surfaces import table
from inference_plane.surfaces.surface import Surface
from shared.auth.credentials import read_credential, read_request_id
from shared.endpoints import unknown
from shared.errors import InternalError, Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_log = structlog.get_logger("request")


class InferenceApp:
    """An ASGI application (asgi.readthedocs.io). Its lifespan builds and closes the runtime."""

    def __init__(self, settings: InferenceSettings, replica: str) -> None:
        self._settings, self._replica = settings, replica
        self._stack = AsyncExitStack()
        self._steps = {column: pipeline.steps_of(column) for column in table.COLUMNS}
        self.runtime: Runtime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and self.runtime is not None:
            await self._answer(Incoming.of(scope, receive), _Sender(send), self.runtime)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self.runtime = await build_runtime(self._settings, self._replica, self._stack)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, incoming: Incoming, send: "_Sender", runtime: Runtime) -> None:
        """The last catch: whatever failed, the caller gets an answer if none has begun."""
        request_id, surface = read_request_id(incoming.header), table.find(incoming.path)
        try:
            if surface is None:
                await responses.operational(incoming, send, request_id, runtime)
            elif incoming.method not in surface.methods:
                refusal = unknown.refusal(incoming.method, incoming.path, surface.methods)
                await responses.refuse(send, refusal, request_id, incoming)
            else:
                await self._serve(incoming, surface, request_id, send, runtime)
        except Exception as error:  # noqa: BLE001 - the edge: every failure becomes an answer
            _log.error("request.failed", request_id=request_id, exc_info=error)
            if not send.started:
                await responses.refuse(send, InternalError(), request_id, incoming)

    async def _serve(
        self, incoming: Incoming, surface: Surface, request_id: str, send: Send, runtime: Runtime
    ) -> None:
        exchange = Exchange(
            id=str(uuid.uuid4()),
            request_id=request_id,
            credential=read_credential(incoming.header),
            surface=surface,
            incoming=incoming,
            send=send,
            started_at_ms=time.time_ns() // 1_000_000,
        )
        try:
            refusal = await self._run(exchange, runtime)
            if refusal is not None:
                await _refuse(exchange, refusal)
        except asyncio.CancelledError:
            _observe(exchange, runtime, 499, "cancelled")
            raise
        finally:
            if not exchange.detached:
                exchange.close_recording()
        status = 200 if refusal is None or exchange.headers_sent else refusal.status
        _observe(exchange, runtime, status, refusal.code if refusal else None)

    async def _run(self, exchange: Exchange, runtime: Runtime) -> Refusal | None:
        try:
            await pipeline.run(exchange, runtime, self._steps[exchange.surface.column])
        except Refusal as error:
            return error
        except Exception as error:  # noqa: BLE001 - the edge: every failure becomes an answer
            _log.error("request.failed", request_id=exchange.request_id, exc_info=error)
            return InternalError()
        return None


class _Sender:
    """ASGI's `send`, which remembers whether a response has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self.started = send, False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        self.started = True
        await self._send(message)


async def _refuse(exchange: Exchange, refusal: Refusal) -> None:
    surface, request_id = exchange.surface, exchange.request_id
    if exchange.headers_sent and exchange.request.streamed:
        error = surface.stream_error(refusal, request_id)
        await respond.chunk(exchange, require(exchange.envelope).failed(error), end=True)
    else:
        if exchange.recording is not None:
            await exchange.recording.release()
        await responses.refuse(exchange.send, refusal, request_id, exchange.incoming)


def _observe(exchange: Exchange, runtime: Runtime, status: int, code: str | None) -> None:
    """Metrics and the log line of a request that has ended."""
    metrics, meter = runtime.metrics, exchange.meter
    metrics.count_request(exchange.model.id if exchange.model else "", code or "ok")
    metrics.duration.observe(exchange.elapsed_ms() / 1000)
    if exchange.first_token_s is not None:
        metrics.first_token.observe(exchange.first_token_s)
    if exchange.settlement is not None and meter is not None:
        used = meter.final()
        metrics.input_tokens.inc(used.prompt)
        metrics.output_tokens.inc(used.output)
        metrics.charged.inc(exchange.settlement.charged)
    _log.info("request", **request_line(exchange, status, code))
