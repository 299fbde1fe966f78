"""Reads what a request carries outside its body: vendor headers, and whether to stream.

Source of `anthropic-version`: https://docs.anthropic.com/en/api/versioning.
"""

import re
from collections.abc import Callable, Mapping

from inference_plane.core.request import Address
from shared.errors import InvalidRequest

Headers = Mapping[bytes, bytes]
"""Names in lower case."""

ReadAddress = Callable[[str, bytes, Headers], Address]
"""Path, query string and headers to an Address."""

_VENDOR_HEADERS = (b"anthropic-version", b"anthropic-beta", b"openai-beta")
_PLAIN = re.compile(rb"[\x20-\x7e]*")


def from_headers(_path: str, _query: bytes, headers: Headers) -> Address:
    """For surfaces whose path and query carry nothing more."""
    accepts_events = b"text/event-stream" in headers.get(b"accept", b"").lower()
    return Address(vendor_headers=vendor_headers(headers), accepts_events=accepts_events)


def vendor_headers(headers: Headers) -> dict[str, str]:
    """The headers that a provider of the same dialect gets, too.

    Raises InvalidRequest for a value with other than visible ASCII, which no vendor reads
    (RFC 9110, section 5.5).
    """
    return {
        name.decode(): _text(name, headers[name]) for name in _VENDOR_HEADERS if name in headers
    }


def _text(name: bytes, value: bytes) -> str:
    if not _PLAIN.fullmatch(value):
        shown = name.decode()
        raise InvalidRequest(f"The header `{shown}` must be plain ASCII text.", param=shown)
    return value.decode()
