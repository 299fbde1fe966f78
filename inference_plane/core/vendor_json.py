"""Reads a provider's JSON. What cannot be read is left out: an odd frame must not end an answer."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from shared import json_values
from shared.errors import InvalidRequest

T = TypeVar("T")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not JSON of the wanted type, in UTF-8, of sane depth."""


def reader(kind: type[T]) -> Callable[[bytes], T | None]:
    """A function that returns bytes as `kind`, or None for what cannot be read as that."""
    decode = msgspec.json.Decoder(kind).decode

    def read(payload: bytes) -> T | None:
        try:
            return decode(payload)
        except UNREADABLE:
            return None

    return read


_read_any: Callable[[bytes], Any] = reader(Any)
_read = reader(dict[str, Any])


def read_arguments(text: str) -> Any:
    """The arguments of a tool call, as a model wrote them; empty for what is not JSON.

    They are written again inside an answer, so their nesting has the limit of a request's.
    """
    data = text.encode()
    value = _read_any(data)
    try:
        if json_values.is_perhaps_deep(data):
            json_values.check(value)
    except InvalidRequest:
        return {}
    return {} if value is None else value


def as_object(value: Any) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what else is in it, or comes in its place, is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """A string; empty for anything else."""
    return value if isinstance(value, str) else ""


def as_index(value: Any) -> int:
    """A place in a list; 0 for anything else, which is what leaving it out means."""
    return value if type(value) is int else 0


def read_object(payload: bytes) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    return _read(payload) or {}
