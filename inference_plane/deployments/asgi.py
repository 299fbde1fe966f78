"""The replica's door: raw ASGI in, one exchange through the steps, one answer out.

Raw ASGI because a framework's request and response objects cost more than the relay itself. Every
refusal leaves here, as an HTTP error before the first byte and as one frame after it.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import Any

import structlog

from inference_plane import pipeline
from inference_plane.deployments import requests, responses
from inference_plane.runtime import respond
from inference_plane.runtime.container import assemble
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.settlement.usage_event import wide_line
from inference_plane.settings import InferenceSettings
from inference_plane.surfaces import table
from shared.auth.credentials import read_credential, read_request_id
from shared.errors import InternalError, Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_log = structlog.get_logger("request")


class Gate:
    """An ASGI application. Its lifespan builds the plane and takes it apart."""

    def __init__(self, settings: InferenceSettings, replica: str) -> None:
        self._settings, self._replica = settings, replica
        self._stack = AsyncExitStack()
        self._steps = {column: pipeline.steps_of(column) for column in pipeline.COLUMNS}
        self.plane: Plane | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self.plane is not None:
            await self._serve(scope, receive, send, self.plane)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.plane = await assemble(self._settings, self._replica, self._stack)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send, plane: Plane) -> None:
        surface = table.find(scope["path"])
        if surface is None:
            await responses.other(scope, send, plane)
            return
        headers = requests.headers_of(scope)
        header = requests.header_of(headers)
        request_id = read_request_id(header)
        try:
            requests.check(scope["method"], headers, surface.methods)
            body = await requests.body(receive, headers, plane.settings.body_bytes_max)
            address = surface.address(scope["path"], scope["query_string"], headers)
            request = surface.decode(body, address)
            repeat = requests.repeat(headers, scope["path"], body)
        except Refusal as refusal:
            plane.metrics.ended("", refusal.code)
            await responses.refuse(send, refusal, request_id, surface.http_error)
            return
        exchange = Exchange(
            id=str(uuid.uuid4()),
            request_id=request_id,
            credential=read_credential(header),
            surface=surface,
            request=request,
            send=send,
            started_at_ms=time.time_ns() // 1_000_000,
            repeat=repeat,
        )
        await self._complete(exchange, plane)

    async def _complete(self, exchange: Exchange, plane: Plane) -> None:
        try:
            refusal = await self._run(exchange, plane)
            if refusal is not None:
                await _refused(exchange, refusal)
        except asyncio.CancelledError:
            _written(exchange, plane, 499, "cancelled")
            raise
        finally:
            if not exchange.outliving:
                exchange.close_record()
        status = 200 if refusal is None or exchange.headers_sent else refusal.status
        _written(exchange, plane, status, refusal.code if refusal else None)

    async def _run(self, exchange: Exchange, plane: Plane) -> Refusal | None:
        try:
            await pipeline.run(exchange, plane, self._steps[exchange.surface.column])
        except Refusal as error:
            return error
        except Exception as error:  # noqa: BLE001 - the door: nothing may leave it but an answer
            _log.error("request.failed", request_id=exchange.request_id, exc_info=error)
            return InternalError()
        return None


async def _refused(exchange: Exchange, refusal: Refusal) -> None:
    surface, request_id = exchange.surface, exchange.request_id
    if exchange.headers_sent and exchange.request.streamed:
        error = surface.stream_error(refusal, request_id)
        await respond.piece(exchange, given(exchange.envelope).failed(error), end=True)
    else:
        if exchange.recorder is not None:
            await exchange.recorder.forget()
        await responses.refuse(exchange.send, refusal, request_id, surface.http_error)


def _written(exchange: Exchange, plane: Plane, status: int, code: str | None) -> None:
    metrics, meter = plane.metrics, exchange.meter
    metrics.ended(exchange.model.id if exchange.model else "", code or "ok")
    metrics.duration.observe(exchange.elapsed_ms() / 1000)
    if exchange.first_byte_s is not None:
        metrics.first_token.observe(exchange.first_byte_s)
    if exchange.settlement is not None and meter is not None:
        metrics.input_tokens.inc(meter.final().prompt)
        metrics.output_tokens.inc(meter.final().output)
        metrics.charged.inc(exchange.settlement.charged)
    _log.info("request", **wide_line(exchange, status, code))
