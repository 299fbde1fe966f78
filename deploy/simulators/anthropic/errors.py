"""Anthropic's errors: `{"type": "error", "error": {type, message}, "request_id"}`.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/errors; for the headers,
https://docs.anthropic.com/en/api/rate-limits.
"""

import re
import uuid
from typing import Any

from aiohttp import web

from deploy.simulators.directive import Directive
from deploy.simulators.playback import Vendor
from deploy.simulators.refusal import Refusal
from deploy.simulators.validation import Violation, find

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_QUOTA = (
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to "
    "upgrade or purchase credits."
)
_SYSTEM = (
    ' The Messages API accepts a top-level `system` parameter, not "system" as an input message '
    "role."
)
_TYPES = {
    "str": "Input should be a valid string",
    "int": "Input should be a valid integer",
    "float": "Input should be a valid number",
    "bool": "Input should be a valid boolean",
    "array": "Input should be a valid list",
    "object": "Input should be a valid dictionary",
}
_BOUNDS = {
    ">=": "greater than or equal to",
    "<=": "less than or equal to",
    ">": "greater than",
    "<": "less than",
}


def body(status: int, message: str) -> dict[str, Any]:
    error = {"type": _KINDS.get(status, "api_error"), "message": message}
    request_id = f"req_011C{uuid.uuid4().hex[:20]}"
    return {"type": "error", "error": error, "request_id": request_id}


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Refusal:
    error_body = body(status, message)
    return Refusal(status, error_body, {"request-id": error_body["request_id"]} | (headers or {}))


def invalid(message: str) -> Refusal:
    """A 400 in Anthropic's shape."""
    return refusal(400, message)


def simulate(directive: Directive) -> Refusal:
    """The error that the directive requests."""
    if directive.error == "quota":
        return invalid(_QUOTA + directive.secret)
    if directive.error == "context_length":
        return invalid(f"prompt is too long: 208310 tokens > 200000 maximum{directive.secret}")
    status = directive.status or 529
    message = "Overloaded" + directive.secret if status == 529 else directive.message
    return refusal(status, message, _limits(directive) if status == 429 else None)


def _limits(directive: Directive) -> dict[str, str]:
    headers = {"retry-after": str(directive.retry_after)}
    for kind, limit in (("requests", 50), ("input-tokens", 40_000), ("output-tokens", 8_000)):
        name = f"anthropic-ratelimit-{kind}"
        headers |= {f"{name}-limit": str(limit), f"{name}-remaining": "0"}
        headers |= {f"{name}-reset": "2030-01-01T00:00:00Z"}
    return headers


def explain(violation: Violation, request: Any) -> Refusal:
    """A violation in the API's wording: `path: what is wrong`."""
    if violation.kind == "value" and violation.path[-1:] == ("role",):
        return invalid(f'messages: Unexpected role "{find(request, violation.path)}".{_SYSTEM}')
    if violation.kind == "value" and violation.path[-1:] == ("type",):
        violation.path = violation.path[:-1]
        where = violation.dotted
        tag = (
            f"Input tag {violation.got} found using 'type' does not match any of the expected tags"
        )
        return invalid(f"{where}: {tag}")
    where = ".".join(_place(violation.path, request))
    return invalid(f"{where}: {_wrong(violation)}" if where else _wrong(violation))


def _place(path: tuple[str | int, ...], request: Any) -> list[str]:
    """The path with the kind of a block or a tool after its number, as the API writes it."""
    steps = []
    for length, step in enumerate(path, 1):
        steps.append(str(step))
        if step == "thinking" and length == 1 < len(path):
            steps.append(str(find(request, ("thinking", "type"))))
        if isinstance(step, int) and length < len(path) and path[length - 2] != "messages":
            found = find(request, path[:length])
            kind = found.get("type") if isinstance(found, dict) else None
            is_tool = path[length - 2] == "tools"
            steps += [str(kind)] if kind and kind != path[length] else ["custom"] if is_tool else []
    return steps


def _wrong(violation: Violation) -> str:
    if violation.kind == "unknown":
        return "Extra inputs are not permitted"
    if violation.kind == "missing":
        return "Field required"
    if violation.kind == "type":
        wanted = violation.expected.split("|")[0].strip()
        return _TYPES.get(wanted, f"Input should be a valid {wanted}")
    bound = re.match(r"(\w+) (of length )?([<>]=?) ([\d.eE+-]+)", violation.expected)
    if bound and bound[2]:
        kind = "String" if bound[1] == "str" else "List"
        side = "at least" if ">" in bound[3] else "at most"
        return f"{kind} should have {side} {bound[4]} item{'' if bound[4] == '1' else 's'}"
    if bound:
        return f"Input should be {_BOUNDS[bound[3]]} {bound[4].removesuffix('.0')}"
    if violation.kind == "bound":
        return f"String should match pattern {violation.expected.partition('regex ')[2]}"
    return f"Input should be one of the values known, but is {violation.got or violation.expected}"


def check_key(request: web.Request) -> None:
    key = request.headers.get("x-api-key")
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    if not (key or bearer):
        raise refusal(401, "x-api-key header is required")
    if (key or bearer).startswith("invalid"):
        raise refusal(401, "invalid x-api-key")
    if not request.headers.get("anthropic-version"):
        raise invalid("anthropic-version: header is required")


def _headers() -> dict[str, str]:
    return {
        "request-id": f"req_011C{uuid.uuid4().hex[:20]}",
        "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
    }


ANTHROPIC = Vendor(check_key, explain, invalid, simulate, _headers)
