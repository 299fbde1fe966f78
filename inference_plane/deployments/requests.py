"""Reads a request from ASGI: headers, idempotency key, and the body within its limit."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from inference_plane.runtime.exchange import Idempotency
from shared.auth.credentials import Header
from shared.errors import InvalidRequest, NotFound, PayloadTooLarge, UnsupportedMediaType

Headers = Mapping[bytes, bytes]
"""Names in lower case, as ASGI has them."""

_IDEMPOTENCY_KEY = re.compile(rb"[\x21-\x7e]{1,255}")


def headers_of(scope: MutableMapping[str, Any]) -> Headers:
    return dict(scope["headers"])


def header_of(headers: Headers) -> Header:
    """Headers of ASGI, which are bytes of Latin-1, as `shared.auth` reads them."""

    def find(name: str) -> str | None:
        value = headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    return find


def idempotency(headers: Headers, path: str, body: bytes) -> Idempotency | None:
    """The idempotency key, if there is one. Raises InvalidRequest for a malformed one.

    `Last-Event-ID` is that of server-sent events: WHATWG HTML, section 9.2.4.
    """
    key = headers.get(b"idempotency-key")
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidRequest("`Idempotency-Key` must be 1 to 255 printable characters.")
    last = headers.get(b"last-event-id", b"")
    fingerprint = hashlib.sha256(path.encode() + b"\n" + body).hexdigest()
    return Idempotency(key.decode(), fingerprint, int(last) if last.isdigit() else 0)


def check(method: str, headers: Headers, methods: tuple[str, ...]) -> None:
    """Raises NotFound for a method not in `methods`, UnsupportedMediaType for other than JSON."""
    if method not in methods:
        raise NotFound(f"Use {' or '.join(methods)} here.")
    media = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if media != b"application/json":
        raise UnsupportedMediaType


async def body(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]], headers: Headers, limit: int
) -> bytes:
    """The whole body, at most `limit` bytes.

    Raises PayloadTooLarge as soon as it is known to be longer, InvalidRequest if the caller
    disconnects.
    """
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > limit:
        raise PayloadTooLarge(details={"limit_bytes": limit})
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise InvalidRequest("The connection was closed before the whole request arrived.")
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise PayloadTooLarge(details={"limit_bytes": limit})
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)
