"""Writes a refusal as each vendor's SDK expects it, with our code inside, and chooses how.

Both planes and the edge choose by the same RULES, so a path has one format whoever answers.

Source: https://docs.anthropic.com/en/api/errors; google.rpc.Status and google.rpc.ErrorInfo,
https://cloud.google.com/apis/design/errors.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from shared.auth.credentials import Header
from shared.endpoints.served import own_resources
from shared.errors import Refusal

Format = Callable[[Refusal, str], bytes]
"""The body for a refusal and the request's id."""

GOOGLE_KEY = "x-goog-api-key"
"""https://ai.google.dev/gemini-api/docs/api-key"""

ANTHROPIC_VERSION = "anthropic-version"
"""Required by Anthropic's API: https://docs.anthropic.com/en/api/versioning"""

_write = msgspec.json.Encoder().encode
_ANTHROPIC = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}
_GOOGLE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    415: "INVALID_ARGUMENT",
    417: "INVALID_ARGUMENT",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def openai(refusal: Refusal, request_id: str) -> bytes:
    """Our standard error, which is also what OpenAI's SDKs read."""
    return _write(refusal.body(request_id, "openai"))


def openai_event(refusal: Refusal, request_id: str) -> bytes:
    """The `error` event of the Responses API."""
    return _write({"type": "error", "sequence_number": 0} | refusal.body(request_id, "openai"))


def anthropic(refusal: Refusal, request_id: str) -> bytes:
    error = refusal.body(request_id, "anthropic")["error"]
    default = "invalid_request_error" if refusal.status < 500 else "api_error"
    error["type"] = _ANTHROPIC.get(refusal.status, default)
    return _write({"type": "error", "error": error, "request_id": request_id})


def google(refusal: Refusal, request_id: str) -> bytes:
    return _write(_google(refusal, request_id))


def _google(refusal: Refusal, request_id: str) -> dict[str, Any]:
    own = refusal.body(request_id, "google")["error"]
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": refusal.code,
        "domain": "headrace",
        "metadata": {k: str(v) for k, v in own["details"].items()},
    }
    default = "INVALID_ARGUMENT" if refusal.status < 500 else "INTERNAL"
    status = _GOOGLE.get(refusal.status, default)
    named = {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id}
    error = {"code": refusal.status, "message": own["message"], "status": status}
    return {"error": error | {"details": [info, named]}}


class Rule(NamedTuple):
    """The format of paths that `pattern` is found in, if the request has `header`.

    Patterns are in the subset of regular expressions that Python and HAProxy read alike.
    """

    pattern: str
    write: Format
    header: str = ""


_SHARED = "/v1/|^/(models|messages)(/|$)"

RULES = (
    Rule("/v1(alpha|beta|beta1)/", google),
    Rule("^(/v1)?/v1/models/[^:]+:", google),
    Rule("^(/v1)?/v1/messages(/|$)", anthropic),
    Rule(f"^/v1/({'|'.join(own_resources())})(/|$)", openai),
    Rule(_SHARED, google, GOOGLE_KEY),
    Rule(_SHARED, anthropic, ANTHROPIC_VERSION),
)
"""The first that applies counts; every other request gets `openai`.

The SDKs of three vendors share `/v1/models`; Google's and Anthropic's send a header of their own,
which counts for paths that only a vendor has, too.
"""

_COMPILED = [(re.compile(rule.pattern), rule) for rule in RULES]


def choose(path: str, header: Header) -> Format:
    """The format for a request to this path, decoded, with these headers."""
    for pattern, rule in _COMPILED:
        if pattern.search(path) and (not rule.header or header(rule.header) is not None):
            return rule.write
    return openai
