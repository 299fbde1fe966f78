"""Bytes of a caller become values here and nowhere else: its body, and the JSON inside its strings.

RFC 8259 leaves open what deep nesting, numbers beyond a double, lone surrogates and repeated names
mean (sections 4, 6, 8.2 and 9), so parsers differ. Here each has one answer, and what was read is
what is written to a provider: of a repeated name the last one counts, for us and for it. A NUL in a
string is text like any other: nothing of ours stores it.
"""

import re
from typing import Any

import msgspec

DEPTH_MAX = 128
"""Arrays and objects within one another. Far below what Python's stack bears, so that reading,
checking and writing never meet its limit."""

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**64 - 1
"""What a JSON parser in any language reads exactly."""

_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_decode = msgspec.json.Decoder().decode


class Unreadable(ValueError):
    """The bytes are not JSON as it is read here; the message says why, for the caller."""


def decode(data: bytes) -> Any:
    """The value: None, bool, int, float, str, list or dict. Raises Unreadable."""
    try:
        value = _decode(data)
    except RecursionError as error:
        raise Unreadable(_TOO_DEEP) from error
    except msgspec.ValidationError as error:
        raise Unreadable(_TOO_LARGE) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable("The body is not valid JSON.") from error
    if data.count(b"[") + data.count(b"{") > DEPTH_MAX or _LONG_NUMBER.search(data):
        _check(value)
    return value


def decode_text(text: str) -> Any:
    """As `decode`, for JSON that a string holds, such as a tool call's arguments."""
    return decode(text.encode(errors="replace"))


_TOO_DEEP = f"The body is nested more than {DEPTH_MAX} levels deep."
_TOO_LARGE = "The body contains a number that is too large."


def _check(value: Any) -> None:
    """Level by level, so that no depth of the value is a depth of the stack."""
    level, depth = [value], 0
    while level:
        below: list[Any] = []
        for each in level:
            if isinstance(each, int) and not INTEGER_MIN <= each <= INTEGER_MAX:
                raise Unreadable(_TOO_LARGE)
            if isinstance(each, dict):
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        depth += any(isinstance(each, dict | list) for each in level)
        if depth > DEPTH_MAX:
            raise Unreadable(_TOO_DEEP)
        level = below
