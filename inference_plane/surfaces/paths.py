"""Which path is which surface, and what a URL says beside the body.

One table for the door. Gemini's dialect names the model and the verb in the path, and takes its key
there too: that form is refused, since a key in a URL ends up in logs.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote

from inference_plane.core.request import Address
from inference_plane.surfaces import table
from inference_plane.surfaces.table import SURFACES, Surface

PATHS: dict[str, Surface] = {
    "/v1/chat/completions": SURFACES["chat"],
    "/v1/completions": SURFACES["completions"],
    "/v1/responses": SURFACES["responses"],
    "/v1/embeddings": SURFACES["embeddings"],
    "/v1/messages": SURFACES["messages"],
    "/v1/messages/count_tokens": table.COUNT_MESSAGES,
    "/v1/estimate": table.ESTIMATE,
}
VERBS: dict[str, Surface] = {
    "generateContent": SURFACES["generate"],
    "streamGenerateContent": SURFACES["generate"],
    "countTokens": table.COUNT_GENERATE,
}
_GEMINI = re.compile(r"/v1(?:beta)?/models/(?P<model>[^:]+):(?P<verb>\w+)")
_VENDOR = (b"anthropic-version", b"anthropic-beta", b"openai-beta")


def find(path: str) -> Surface | None:
    found = _GEMINI.fullmatch(path)
    return VERBS.get(found["verb"]) if found else PATHS.get(path)


def address_of(path: str, query: bytes, headers: Mapping[bytes, bytes]) -> Address:
    """`array`: a stream of Gemini's without `alt=sse` is one JSON array."""
    vendor = {name.decode(): headers[name].decode() for name in _VENDOR if name in headers}
    found = _GEMINI.fullmatch(path)
    if not found:
        takes_events = b"text/event-stream" in headers.get(b"accept", b"").lower()
        return Address(vendor_headers=vendor, takes_events=takes_events)
    events = parse_qs(query.decode(errors="replace")).get("alt") == ["sse"]
    return Address(unquote(found["model"]), found["verb"], not events, vendor)
