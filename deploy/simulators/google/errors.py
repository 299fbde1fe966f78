"""Google's errors: `{"error": {code, message, status, details}}`.

Source: https://ai.google.dev/gemini-api/docs/troubleshooting;
https://cloud.google.com/apis/design/errors. A quota's details were seen in recorded answers. Source
of the words: errors as users quote them, such as https://github.com/mem0ai/mem0/issues/1820.
"""

import json
import re
from typing import Any

from aiohttp import web

from deploy.simulators.directive import Directive
from deploy.simulators.google.requests import camel, camel_name, snake
from deploy.simulators.playback import Vendor
from deploy.simulators.refusal import Refusal
from deploy.simulators.validation import Violation, find

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_RPC = "type.googleapis.com/google.rpc."
_TYPES = {
    "str": "TYPE_STRING",
    "int": "TYPE_INT32",
    "float": "TYPE_FLOAT",
    "bool": "TYPE_BOOL",
}
_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use "
    "API Key or other form of API consumer identity to call this API."
)
_OVERLOADED = "The model is overloaded. Please try again later."


def body(status: int, message: str, details: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    named = _STATUS.get(status, "UNAVAILABLE" if status > 500 else "INVALID_ARGUMENT")
    error: dict[str, Any] = {"code": status, "message": message, "status": named}
    return {"error": error | ({"details": details} if details else {})}


def invalid(message: str, details: list[dict[str, Any]] | None = None) -> Refusal:
    """A 400 in Google's shape."""
    return Refusal(400, body(400, message, details))


def wrong_field(path: str, message: str) -> Refusal:
    """A value out of range, reported with a star and the full name of the field."""
    return invalid(f"* GenerateContentRequest.{path}: {message}\n")


def missing_model(model: str, method: str) -> Refusal:
    message = (
        f"models/{model} is not found for API version v1beta, or is not supported for {method}. "
        "Call ListModels to see the list of available models and their supported methods."
    )
    return Refusal(404, body(404, message))


def simulate(directive: Directive) -> Refusal:
    """The error that the directive requests."""
    if directive.error == "context_length":
        return invalid(
            "The input token count (1200000) exceeds the maximum number of tokens allowed "
            f"(1048576).{directive.secret}"
        )
    status = 429 if directive.error == "quota" else directive.status or 503
    if status == 429:
        message = f"You exceeded your current quota, please check your plan.{directive.secret}"
        return Refusal(429, body(429, message, _quota(directive)))
    message = f"{_OVERLOADED}{directive.secret}" if status == 503 else directive.message
    return Refusal(status, body(status, message))


def _quota(directive: Directive) -> list[dict[str, Any]]:
    """Google puts the retry delay into the body, not into a header."""
    period = "Day" if directive.error == "quota" else "Minute"
    quota = f"GenerateRequestsPer{period}PerProjectPerModel-FreeTier"
    return [
        {"@type": f"{_RPC}QuotaFailure", "violations": [{"quotaId": quota}]},
        {"@type": f"{_RPC}RetryInfo", "retryDelay": f"{directive.retry_after}s"},
    ]


def explain(violation: Violation, request: Any) -> Refusal:
    """A violation in the wording of Google's JSON parser."""
    steps = _located(request, violation.path)
    path = "".join(steps).lstrip(".")
    if violation.kind == "unknown":
        place = "".join(steps[:-1]).lstrip(".")
        name = _as_sent(request, steps, str(violation.path[-1]))
        at = f" at '{place}'" if place else ""
        return _payload(f'Unknown name "{name}"{at}: Cannot find field.', place)
    if violation.kind == "missing":
        return wrong_field(path, f"{path.rpartition('.')[2]} must be specified.")
    value = json.dumps(find(camel(request), violation.path))
    if violation.kind == "bound":
        return wrong_field(path, _bound(violation, value))
    kind = _TYPES.get(violation.expected.split("|")[0].strip(), "TYPE_MESSAGE")
    if violation.kind == "value":
        kind = f"type.googleapis.com/google.ai.generativelanguage.v1beta.{path.rpartition('.')[2]}"
    return _payload(f"Invalid value at '{path}' ({kind}), {value}", path)


def _payload(message: str, field: str) -> Refusal:
    detail = f"Invalid JSON payload received. {message}" if "Unknown name" in message else message
    violation = {"field": field, "description": detail} if field else {"description": detail}
    return invalid(detail, [{"@type": f"{_RPC}BadRequest", "fieldViolations": [violation]}])


def _located(value: Any, path: tuple[str | int, ...]) -> list[str]:
    """The path as the vendor writes it: a caller's own names become numbers, `[0].value`."""
    if not path:
        return []
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        inner = value[step] if isinstance(value, list) and step < len(value) else None
        return [f"[{step}]", *_located(inner, rest)]
    if not isinstance(value, dict):
        return [f".{snake(str(each))}" for each in path]
    if step == "...":
        found = [number for number, each in enumerate(value.values()) if _leads(each, rest)]
        number = found[0] if found else 0
        return [f"[{number}].value", *_located([*value.values()][number], rest)]
    inner = next((value[name] for name in value if camel_name(name) == step), None)
    return [f".{snake(step)}", *_located(inner, rest)]


def _leads(value: Any, path: tuple[str | int, ...]) -> bool:
    """Whether the request has a value at this path."""
    if not path:
        return True
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value) and _leads(value[step], rest)
    if not isinstance(value, dict):
        return False
    names = [name for name in value if step == "..." or camel_name(name) == step]
    return any(_leads(value[name], rest) for name in names)


def _as_sent(request: Any, steps: list[str], name: str) -> str:
    """The unknown name in the request's own casing."""
    written = json.dumps(request)
    return name if f'"{name}"' in written else steps[-1].lstrip(".")


def _bound(violation: Violation, value: str) -> str:
    found = re.match(r"\w+ (of length )?([<>]=?) ([\d.eE+-]+)", violation.expected)
    if found is None:
        return f"invalid value {value}"
    what = "the number of items" if found[1] else "the value"
    return f"{what} must be {found[2]} {found[3]}, but is {value}"


def check_key(request: web.Request) -> None:
    """Raises `Refusal`: 403 without a key, 400 for one that begins with `invalid`."""
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    key = request.headers.get("x-goog-api-key") or request.query.get("key") or bearer
    if not key:
        raise Refusal(403, body(403, _NO_KEY))
    if key.startswith("invalid"):
        info = {
            "@type": f"{_RPC}ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }
        raise invalid("API key not valid. Please pass a valid API key.", [info])


def _headers() -> dict[str, str]:
    return {"server-timing": "gfet4t7; dur=42"}


GOOGLE = Vendor(check_key, explain, invalid, simulate, _headers)
