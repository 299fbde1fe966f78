"""Reads what a request carries outside its body: vendor headers, and whether to stream."""

from collections.abc import Callable, Mapping

from inference_plane.core.request import Address

Headers = Mapping[bytes, bytes]
"""Names in lower case."""

ReadAddress = Callable[[str, bytes, Headers], Address]
"""Path, query string and headers to an Address."""

_VENDOR_HEADERS = (b"anthropic-version", b"anthropic-beta", b"openai-beta")


def from_headers(_path: str, _query: bytes, headers: Headers) -> Address:
    """For surfaces whose path and query carry nothing more."""
    accepts_events = b"text/event-stream" in headers.get(b"accept", b"").lower()
    return Address(vendor_headers=vendor_headers(headers), accepts_events=accepts_events)


def vendor_headers(headers: Headers) -> dict[str, str]:
    """The headers that a provider of the same dialect gets, too."""
    return {name.decode(): headers[name].decode() for name in _VENDOR_HEADERS if name in headers}
