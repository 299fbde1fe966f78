"""Reads a request's credential and its id from the headers.

Both planes read them here, so that one request means the same on every route.
"""

import re
import uuid
from collections.abc import Callable

Header = Callable[[str], str | None]
"""The value of a header by its lower-case name; None if it is absent."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


def read_credential(header: Header) -> str:
    """The bearer token (RFC 6750, 2.1), else the key that a vendor's SDK sends, else "".

    Anthropic's SDKs send `x-api-key`, Google's `x-goog-api-key`. The scheme of `Authorization` is
    compared without case (RFC 9110, 11.1); another scheme is ignored.
    """
    scheme, _, token = (header("authorization") or "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return (header("x-api-key") or header("x-goog-api-key") or "").strip()


def read_request_id(header: Header) -> str:
    """The caller's `X-Request-Id` if it has 1 to 128 plain characters, else a new id.

    The characters are those that cannot break a log line or a header.
    """
    value = header("x-request-id") or ""
    return value if _REQUEST_ID.fullmatch(value) else f"req_{uuid.uuid4().hex}"
