"""The paths of Gemini's methods, and what a request's address says: its model and its method."""

from urllib.parse import parse_qs, unquote

from inference_plane.core.request import Address
from inference_plane.surfaces import addresses

_VERSIONS = ("v1", "v1beta")


def paths(*verbs: str) -> tuple[str, ...]:
    return tuple(f"/{version}/models/{{model}}:{verb}" for version in _VERSIONS for verb in verbs)


def read(path: str, query: bytes, headers: addresses.Headers) -> Address:
    """`array`: a stream without `alt=sse` is one JSON array."""
    model, _, verb = path.partition("/models/")[2].partition(":")
    as_events = parse_qs(query.decode(errors="replace")).get("alt") == ["sse"]
    vendor_headers = addresses.vendor_headers(headers)
    return Address(unquote(model), verb, array=not as_events, vendor_headers=vendor_headers)
