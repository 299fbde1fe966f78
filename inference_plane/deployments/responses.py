"""What the door answers by itself: refusals, health, metrics."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from redis.exceptions import RedisError

from inference_plane.deployments import requests
from inference_plane.runtime.plane import Plane
from inference_plane.surfaces import refusals
from inference_plane.surfaces.surface import WriteError
from shared.auth.credentials import read_request_id
from shared.errors import NotFound, Refusal

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_JSON = b"application/json"
_write = msgspec.json.Encoder().encode


async def send_whole(
    send: Send, status: int, media: bytes, body: bytes, more: list[tuple[bytes, bytes]]
) -> None:
    headers = [(b"content-type", media), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, refusal: Refusal, request_id: str, write: WriteError) -> None:
    """An HTTP error in the shape that `write` gives it."""
    more = [(k.lower().encode(), v.encode()) for k, v in refusal.headers.items()]
    more.append((b"x-request-id", request_id.encode()))
    body = write(refusal, request_id)
    await send_whole(send, refusal.status, _JSON, body, more)


async def other(scope: MutableMapping[str, Any], send: Send, plane: Plane) -> None:
    """Health, readiness and metrics; anything else is not here."""
    path = scope["path"]
    if path == "/health":
        await send_whole(send, 200, _JSON, b'{"status":"ok"}', [])
    elif path == "/health/ready":
        await _ready(send, plane)
    elif path == "/metrics":
        plane.metrics.open_streams.set(plane.heartbeat.open_streams)
        media = b"text/plain; version=0.0.4; charset=utf-8"
        await send_whole(send, 200, media, plane.metrics.exposition(), [])
    else:
        request_id = read_request_id(requests.header_of(requests.headers_of(scope)))
        await refuse(send, NotFound(), request_id, refusals.openai)


async def _ready(send: Send, plane: Plane) -> None:
    """Ready once Redis answers and keys and catalogue have been read from it."""
    try:
        await plane.directory.refresh()
        redis = True
    except (RedisError, OSError):
        redis = False
    checks = {
        "redis": redis,
        "directory": plane.directory.ready,
        "providers": bool(plane.upstreams),
    }
    ready = all(checks.values())
    body = _write({"status": "ready" if ready else "not_ready", "checks": checks})
    await send_whole(send, 200 if ready else 503, _JSON, body, [])
