"""A request as it arrives from ASGI: its headers, and its body when somebody asks for it.

What it says of itself is checked before the body is read, so that a request that is refused for
who sent it, or for how, is never read.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from inference_plane.runtime.body_limits import BodyLimit
from shared.auth.credentials import Header
from shared.errors import (
    ExpectationFailed,
    InvalidRequest,
    UnsupportedMediaType,
)

Headers = Mapping[bytes, bytes]
"""Names in lower case, as ASGI has them."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""ASGI's `receive`."""

_IDEMPOTENCY_KEY = re.compile(rb"[\x21-\x7e]{1,255}")
_DIGITS_MAX = 18
_STRICT = {b"": False, b"0": False, b"1": True}
_EVENT_ID = re.compile(rb"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The caller's idempotency key, a digest of the request, and the last event it received."""

    key: str
    fingerprint: str
    last_event_id: int = 0

    def __repr__(self) -> str:
        return "Idempotency(…)"

    def with_body(self, body: bytes) -> "Idempotency":
        """The same key for `body`, which has preferences filled in.

        With other preferences it is another request, whose kept answer may have another form.
        """
        digest = hashlib.sha256(self.fingerprint.encode() + body).hexdigest()
        return Idempotency(self.key, digest, self.last_event_id)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request of ASGI's HTTP scope (asgi.readthedocs.io, "HTTP & WebSocket")."""

    method: str
    path: str
    query: bytes
    headers: Headers
    receive: Receive

    @classmethod
    def of(cls, scope: MutableMapping[str, Any], receive: Receive) -> "Incoming":
        """Of a header that is sent twice the first counts, as in the control plane."""
        headers = dict(reversed(list(scope["headers"])))
        return cls(scope["method"], scope["path"], scope["query_string"], headers, receive)

    @property
    def header(self) -> Header:
        """The headers, which are bytes of Latin-1, as `shared.auth` reads them."""

        def find(name: str) -> str | None:
            value = self.headers.get(name.encode())
            return None if value is None else value.decode("latin-1")

        return find

    @property
    def strict(self) -> bool:
        """Whether a hint that cannot be followed is to be refused. Raises InvalidRequest."""
        value = self._token(b"x-headrace-strict")
        if value not in _STRICT:
            raise InvalidRequest(
                "The header `X-Headrace-Strict` must be 0 or 1.", param="X-Headrace-Strict"
            )
        return _STRICT[value]

    def check(self, *, json: bool = True) -> None:
        """Raises UnsupportedMediaType for other than plain JSON, unless there is to be no body;
        ExpectationFailed for an expectation other than RFC 9110's own (section 10.1.1).
        """
        if self._token(b"expect") not in (b"", b"100-continue"):
            raise ExpectationFailed
        if not json:
            return
        if self._token(b"content-encoding") not in (b"", b"identity"):
            raise UnsupportedMediaType("The request body must not be compressed.")
        if self._token(b"content-type").partition(b";")[0].strip() != b"application/json":
            raise UnsupportedMediaType

    async def body(self, limit: BodyLimit) -> bytes:
        """The whole body.

        Raises what `limit` raises as soon as it is known to be too large, InvalidRequest if the
        caller disconnects.
        """
        announced, allowed = self._announced(), limit.small
        if announced > allowed:
            allowed = await limit.check(announced)
        pieces, size = [], 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise InvalidRequest("The connection was closed before the whole request arrived.")
            piece = message.get("body", b"")
            size += len(piece)
            if size > allowed:
                allowed = await limit.check(size)
            pieces.append(piece)
            if not message.get("more_body"):
                return b"".join(pieces)

    def idempotency(self, body: bytes) -> Idempotency | None:
        """The idempotency key, if there is one. Raises InvalidRequest for a malformed one.

        `Last-Event-ID` is that of server-sent events: WHATWG HTML, section 9.2.4.
        """
        key = self.headers.get(b"idempotency-key")
        if key is None:
            return None
        if not _IDEMPOTENCY_KEY.fullmatch(key):
            raise InvalidRequest("`Idempotency-Key` must be 1 to 255 printable characters.")
        last = self.headers.get(b"last-event-id", b"")
        if last and not _EVENT_ID.fullmatch(last):
            raise InvalidRequest("`Last-Event-ID` must be the id of an event of this stream.")
        path = self.path.encode(errors="surrogatepass")
        fingerprint = hashlib.sha256(path + b"\n" + body).hexdigest()
        return Idempotency(key.decode(), fingerprint, int(last or 0))

    def _announced(self) -> int:
        """Content-Length in bytes; 0 if there is none, or none that can be read."""
        value = self.headers.get(b"content-length", b"0")[:_DIGITS_MAX]
        return int(value) if value.isdigit() else 0

    def _token(self, name: bytes) -> bytes:
        return self.headers.get(name, b"").strip().lower()
