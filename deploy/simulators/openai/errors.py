"""OpenAI's errors: `{"error": {message, type, param, code}}`.

Source: https://platform.openai.com/docs/guides/error-codes; for the headers,
https://platform.openai.com/docs/guides/rate-limits.
"""

import json
import re
import uuid
from typing import Any

from aiohttp import web

from deploy.simulators.directive import Directive
from deploy.simulators.playback import Vendor
from deploy.simulators.refusal import Refusal
from deploy.simulators.validation import Violation, find

_INVALID = "invalid_request_error"
_NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header "
    "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
)
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_KINDS: dict[int, tuple[str, str | None]] = {
    400: (_INVALID, None),
    401: (_INVALID, "invalid_api_key"),
    403: (_INVALID, "unsupported_country_region_territory"),
    404: (_INVALID, "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}
_WORDS = {
    "str": "a string",
    "int": "an integer",
    "float": "a decimal number",
    "bool": "a boolean",
    "null": "null",
    "array": "an array",
    "object": "an object",
}


def body(
    message: str, kind: str = _INVALID, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refusal:
    """A 400 in OpenAI's shape."""
    return Refusal(400, body(message, _INVALID, param, code))


def missing_model(model: str) -> Refusal:
    message = f"The model `{model}` does not exist or you do not have access to it."
    return Refusal(404, body(message, _INVALID, None, "model_not_found"))


def simulate(directive: Directive) -> Refusal:
    """The error that the directive requests."""
    if directive.error == "quota":
        return Refusal(
            429, body(_QUOTA + directive.secret, "insufficient_quota", None, _QUOTA_CODE)
        )
    if directive.error == "context_length":
        message = (
            "This model's maximum context length is 128000 tokens. However, your messages resulted "
            f"in 200000 tokens. Please reduce the length of the messages.{directive.secret}"
        )
        return invalid(message, "messages", "context_length_exceeded")
    status = directive.status or 503
    kind, code = _KINDS.get(status, ("server_error", None))
    wait = {"Retry-After": str(directive.retry_after)} if status in (429, 503) else None
    return Refusal(status, body(directive.message, kind, None, code), wait)


_QUOTA_CODE = "insufficient_quota"


def explain(violation: Violation, request: Any) -> Refusal:
    """A violation in the wording of chat completions, which has its own for unknown arguments."""
    if violation.kind == "unknown" and len(violation.path) == 1:
        return invalid(f"Unrecognized request argument supplied: {violation.path[0]}")
    if violation.kind == "missing" and violation.path == ("model",):
        return invalid("you must provide a model parameter")
    return explain_typed(violation, request)


def explain_typed(violation: Violation, request: Any) -> Refusal:
    """A violation in the wording of the newer endpoints, with a code for each kind."""
    param = violation.indexed or None
    if violation.kind == "unknown":
        return invalid(f"Unknown parameter: '{param}'.", param, "unknown_parameter")
    if violation.kind == "missing":
        message = f"Missing required parameter: '{param}'."
        return invalid(message, param, "missing_required_parameter")
    if violation.kind == "type":
        wanted = " or ".join(_WORDS.get(w.strip(), w) for w in violation.expected.split("|"))
        got = _WORDS.get(violation.got.strip("`"), violation.got)
        message = f"Invalid type for '{param}': expected {wanted}, but got {got} instead."
        return invalid(message, param, "invalid_type")
    if violation.kind == "bound":
        return _out_of_bounds(violation, find(request, violation.path))
    return invalid(f"Invalid value: {violation.got or violation.expected}.", param, "invalid_value")


def _out_of_bounds(violation: Violation, value: Any) -> Refusal:
    param, detail = violation.indexed, violation.expected
    bound = re.match(r"(\w+) (?:of length )?([<>]=?) ([\d.eE+-]+)", detail)
    if bound is None:
        message = f"Invalid '{param}': string does not match pattern."
        return invalid(f"{message} Expected a string that matches it.", param, "invalid_value")
    word = {"int": "integer", "float": "decimal", "str": "string", "array": "array"}[bound[1]]
    side, edge = ("above", "max") if "<" in bound[2] else ("below", "min")
    if word in ("string", "array"):
        code = f"{word}_{'too_long' if edge == 'max' else 'too_short'}"
        message = f"Invalid '{param}': {word} {'too long' if edge == 'max' else 'too short'}."
        return invalid(f"{message} Expected length {bound[2]} {bound[3]}.", param, code)
    limit = "maximum" if edge == "max" else "minimum"
    number = bound[3].removesuffix(".0")
    message = (
        f"Invalid '{param}': {word} {side} {limit} value. Expected a value {bound[2]} {number}, "
        f"but got {json.dumps(value)} instead."
    )
    return invalid(message, param, f"{word}_{side}_{edge}_value")


def check_key(request: web.Request) -> None:
    """Raises `Refusal`: 401 without a key, or for one that begins with `invalid`."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise Refusal(401, body(_NO_KEY))
    if key.startswith("invalid"):
        message = f"Incorrect API key provided: {key[:8]}***."
        raise Refusal(401, body(message, _INVALID, None, "invalid_api_key"))


def _headers() -> dict[str, str]:
    return {
        "x-request-id": f"req_{uuid.uuid4().hex}",
        "openai-version": "2020-10-01",
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-limit-tokens": "500000",
        "x-ratelimit-remaining-tokens": "499000",
        "x-ratelimit-reset-tokens": "120ms",
    }


CHAT = Vendor(check_key, explain, invalid, simulate, _headers)
"""Chat completions and the older endpoints."""

TYPED = Vendor(check_key, explain_typed, invalid, simulate, _headers)
"""The responses endpoint."""
