"""Bytes of JSON become values here, strictly: what two readers could read differently is refused.

msgspec takes RFC 8259 at its word: UTF-8 only, no byte order mark, no NaN or Infinity, no number
beyond a double, no lone surrogate, nothing after the value. On top of that, nesting has a limit, an
integer fits 64 bits, and no string has a NUL, which PostgreSQL's `text` cannot hold. Of a repeated
name the last one counts; the inference plane sends on what was read here, so it counts there, too.
"""

import re
from typing import Any

import msgspec

from shared.errors import InvalidRequest

DEPTH_MAX = 100
"""Levels of arrays and objects. Real bodies have fewer than twenty; decoders recurse."""

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**64 - 1

_SUSPECT = re.compile(rb"\\u0000|[0-9]{19}")
"""Only a document with one of these, or with many brackets, is looked at value by value."""

_decode = msgspec.json.Decoder().decode


def decode(data: bytes) -> Any:
    """The value of a JSON document. Raises InvalidRequest."""
    try:
        value = _decode(data)
    except RecursionError as error:
        raise _too_deep() from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    if is_perhaps_deep(data) or _SUSPECT.search(data):
        check(value)
    return value


def is_perhaps_deep(data: bytes) -> bool:
    """False only for a document that cannot be nested too deeply."""
    return data.count(b"[") + data.count(b"{") > DEPTH_MAX


def check(value: Any) -> None:
    """Raises InvalidRequest for what `decode` refuses of values.

    It looks at one level at a time, so that it cannot recurse too deeply itself.
    """
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        if not level:
            return
        level = [inner for outer in level for inner in _inner(outer)]
    raise _too_deep()


def _inner(value: Any) -> list[Any]:
    if isinstance(value, str) and "\0" in value:
        raise InvalidRequest("The body contains a NUL character.")
    if isinstance(value, int) and not INTEGER_MIN <= value <= INTEGER_MAX:
        raise InvalidRequest("The body contains a number that is too large.")
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _too_deep() -> InvalidRequest:
    return InvalidRequest(f"The body is nested more than {DEPTH_MAX} levels deep.")
