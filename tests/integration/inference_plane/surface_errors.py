"""Every path of a surface, and whether an error on it has its vendor's shape."""

from typing import Any

from tests.support.fuzz import verdicts
from tests.support.fuzz.cases import ANTHROPIC, GOOGLE, OPENAI, Case
from tests.support.fuzz.client import Response
from tests.support.fuzz.mutations import Damaged

SURFACES = {
    "/v1/chat/completions": OPENAI,
    "/v1/completions": OPENAI,
    "/v1/responses": OPENAI,
    "/v1/embeddings": OPENAI,
    "/v1/estimate": OPENAI,
    "/v1/moderations": OPENAI,
    "/v1/responses/input_tokens": OPENAI,
    "/v1/messages": ANTHROPIC,
    "/v1/messages/count_tokens": ANTHROPIC,
    "/v1beta/models/gemini:generateContent": GOOGLE,
    "/v1beta/models/gemini:countTokens": GOOGLE,
    "/v1beta/models/gemini-embedding-001:embedContent": GOOGLE,
    "/v1beta/models/gemini-embedding-001:batchEmbedContents": GOOGLE,
}


def is_shaped(path: str, status: int, headers: Any, content: bytes) -> bool:
    """In the shape of the surface's vendor, with a request id, and kept by nobody."""
    assert {name.lower(): value for name, value in headers.items()}["cache-control"] == "no-store"
    return is_of(SURFACES[path], path, status, headers, content)


def is_of(shape: str, path: str, status: int, headers: Any, content: bytes) -> bool:
    """In this shape, with a request id."""
    names = {name.lower(): value for name, value in headers.items()}
    request = Damaged(Case("POST", path, shape=shape), "", b"", b"")
    fault = verdicts.fault(request, Response(status, names, content))
    return fault in (None, f"status {status}")
