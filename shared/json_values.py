"""Bytes of JSON become values here, strictly: what two readers could read differently is refused.

msgspec takes RFC 8259 at its word: UTF-8 only, no byte order mark, no NaN or Infinity, no number
beyond a double, no lone surrogate, nothing after the value. On top of that, nesting has a limit and
no string has a NUL, which PostgreSQL's `text` cannot hold.
"""

from typing import Any

import msgspec

from shared.errors import InvalidRequest

DEPTH_MAX = 100
"""Levels of arrays and objects. Real bodies have fewer than twenty; decoders recurse."""

_decode = msgspec.json.Decoder().decode


def decode(data: bytes) -> Any:
    """The value of a JSON document. Raises InvalidRequest."""
    try:
        value = _decode(data)
    except RecursionError as error:
        raise _too_deep() from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    _check(value)
    return value


def _check(value: Any) -> None:
    """One level at a time, so that the check itself cannot recurse too deep."""
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        if not level:
            return
        level = [inner for outer in level for inner in _inner(outer)]
    raise _too_deep()


def _inner(value: Any) -> list[Any]:
    if isinstance(value, str) and "\0" in value:
        raise InvalidRequest("The body contains a NUL character.")
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _too_deep() -> InvalidRequest:
    return InvalidRequest(f"The body is nested more than {DEPTH_MAX} levels deep.")
