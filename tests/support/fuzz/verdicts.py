"""What a response to a damaged request may be: never 5xx, in the caller's shape, no internals.

The shapes are those of the contract and of the vendors' SDKs; OAuth's is RFC 6749, 5.2.
"""

import json
import re
from typing import Any

from tests.support.fuzz.cases import ANTHROPIC, ANY, GOOGLE, OAUTH, PAGE
from tests.support.fuzz.client import Response
from tests.support.fuzz.mutations import Damaged

_INTERNALS = re.compile(
    rb"Traceback|asyncpg|msgspec|pydantic|redis\.exceptions|aiohttp\.|PostgreSQL|psycopg|\.py\b"
    rb"|File \"|sk-planted|sk-ant-planted|AIza-planted|<class|object at 0x"
)
_UNPARSED = re.compile(
    rb"Invalid HTTP request received|Invalid char in url|<html><body><h1>400 Bad"
)
"""uvicorn's, aiohttp's and HAProxy's own answers to a malformed request line."""


def fault(request: Damaged, response: Response) -> str | None:
    """What is wrong with the response, or None."""
    if response.status == 0:
        return "the connection was closed without a response"
    if response.status >= 500:
        return f"status {response.status}"
    if _INTERNALS.search(_error_body(response)):
        return "internals in the body"
    if response.status < 400:
        return None
    if response.status == 400 and _UNPARSED.match(response.body):
        return None
    if "x-request-id" not in response.headers:
        return f"{response.status} without X-Request-Id"
    return None if _is_shaped(request.case.shape, response) else f"{response.status} in no shape"


def _error_body(response: Response) -> bytes:
    """The body of an error; what a caller sent may come back in a success."""
    return response.body if response.status >= 400 else b""


def _is_shaped(shape: str, response: Response) -> bool:
    body = _json(response)
    if shape == PAGE:
        return _is_page(response) or _is_standard(body)
    if shape == OAUTH:
        return _is_oauth(body) or _is_standard(body)
    if shape == ANY:
        return _is_standard(body) or _is_anthropic(body) or _is_google(body)
    return {ANTHROPIC: _is_anthropic, GOOGLE: _is_google}.get(shape, _is_standard)(body)


def _is_oauth(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("error"), str)


def _is_anthropic(body: Any) -> bool:
    return isinstance(body, dict) and body.get("type") == "error" and "message" in _error(body)


def _is_google(body: Any) -> bool:
    return {"code", "message", "status"} <= _error(body).keys()


def _is_standard(body: Any) -> bool:
    return {"code", "message", "type", "param", "details", "request_id"} <= _error(body).keys()


def _error(body: Any) -> dict[str, Any]:
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _is_page(response: Response) -> bool:
    return "text/html" in response.headers.get("content-type", "") and b"</html>" in response.body


def _json(response: Response) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        return None
