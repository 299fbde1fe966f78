"""The answers that need no step: refusals, health and metrics."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from redis.exceptions import RedisError

from inference_plane.runtime.container import Runtime
from inference_plane.runtime.incoming import Incoming
from shared import error_formats
from shared.endpoints import unknown
from shared.errors import Refusal

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_JSON = b"application/json"
_write = msgspec.json.Encoder().encode


async def send_body(
    send: Send, status: int, media: bytes, body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    """One whole answer. `headers` are added to its type and length."""
    all_headers = [
        (b"content-type", media),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, refusal: Refusal, request_id: str, incoming: Incoming) -> None:
    """An HTTP error, in the format that the caller of `incoming` reads."""
    write = error_formats.choose(incoming.path, incoming.header)
    headers = [(k.lower().encode(), v.encode()) for k, v in refusal.headers.items()]
    headers.append((b"x-request-id", request_id.encode()))
    await send_body(send, refusal.status, _JSON, write(refusal, request_id), headers)


async def operational(incoming: Incoming, send: Send, request_id: str, runtime: Runtime) -> None:
    """Health, readiness and metrics; a 404 for any other path."""
    path = incoming.path
    if path == "/health":
        await send_body(send, 200, _JSON, b'{"status":"ok"}', [])
    elif path == "/health/ready":
        await _ready(send, runtime)
    elif path == "/metrics":
        runtime.metrics.open_streams.set(runtime.heartbeat.open_streams)
        media = b"text/plain; version=0.0.4; charset=utf-8"
        await send_body(send, 200, media, runtime.metrics.exposition(), [])
    else:
        await refuse(send, unknown.refusal(incoming.method, path), request_id, incoming)


async def _ready(send: Send, runtime: Runtime) -> None:
    """Ready once Redis answers and keys and catalogue have been read from it."""
    try:
        await runtime.directory.refresh()
        redis = True
    except (RedisError, OSError):
        redis = False
    checks = {
        "redis": redis,
        "directory": runtime.directory.ready,
        "providers": bool(runtime.upstream_pool),
    }
    ready = all(checks.values())
    body = _write({"status": "ready" if ready else "not_ready", "checks": checks})
    await send_body(send, 200 if ready else 503, _JSON, body, [])
