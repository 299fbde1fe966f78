"""Reads bodies so that whatever is wrong is told by its name, in the caller's words.

A field may be known to a surface in one of three ways: it is expressed in the middle language; it
is a hint that changes nothing in the answer, and stays behind; or it asks for something that only
the vendor of that dialect has, and then it is refused by name unless its value is the neutral one.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from shared.errors import InvalidRequest

Fields = dict[str, msgspec.Raw]
T = TypeVar("T")
_NEUTRAL = frozenset({b"null", b"false", b"{}", b"[]"})
_read_fields = msgspec.json.Decoder(Fields).decode
_write = msgspec.json.Encoder().encode


def read(body: bytes, decode: Callable[[bytes], T]) -> tuple[Fields, T]:
    """The top-level fields as they came, and what `decode` makes of them. Raises InvalidRequest."""
    try:
        return _read_fields(body), decode(body)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error


def convert(value: Any, kind: type[T]) -> T:
    """What was parsed already, checked. Raises InvalidRequest."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error


def translatable(
    fields: Fields, known: frozenset[str], hints: frozenset[str], decode: Callable[[bytes], T]
) -> T:
    """`fields` for a provider of another dialect. Raises InvalidRequest for what would be lost."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name in known and bytes(value) != b"null":
            kept[name] = value
        elif name not in known and name not in hints and bytes(value) not in _NEUTRAL:
            raise lost(name)
    return read(_write(kept), decode)[1]


def lost(field: str, why: str = "") -> InvalidRequest:
    """What the caller asked for has no counterpart at the provider that serves this model."""
    more = f": {why}" if why else ""
    return InvalidRequest(
        f"`{field}` can't be expressed for this model's provider{more}.", param=field
    )


def check_minimum(name: str, value: int | None, least: int = 1) -> None:
    if value is not None and value < least:
        raise InvalidRequest(f"`{name}` must be at least {least}.", param=name)


def _misfit(message: str) -> InvalidRequest:
    """A field that a closed type does not know is one that has no counterpart elsewhere."""
    path = _parameter(message)
    if message.startswith("Object contains unknown field"):
        return lost(f"{path}." * bool(path) + message.split("`")[1])
    return InvalidRequest(message, param=path)


def _parameter(message: str) -> str | None:
    """msgspec says where: "… - at `$.messages[0].role`" or "… missing required field `model`"."""
    if "$." in message:
        return message.split("$.", 1)[1].rstrip("`")
    return message.split("`")[1] if "missing required field" in message else None
