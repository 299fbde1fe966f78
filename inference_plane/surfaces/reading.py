"""Reads bodies, so that an error names the field that is wrong as the caller knows it.

A surface handles a field in one of three ways: it is translated into the canonical format; it is a
hint that does not change the answer, and is left out; or only the vendor of that dialect supports
it, and it is refused by name unless its value is neutral.
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
    """The top-level fields as raw JSON, and the body decoded. Raises InvalidRequest."""
    try:
        return _read_fields(body), decode(body)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error


def convert(value: Any, kind: type[T]) -> T:
    """`value`, already parsed, as `kind`. Raises InvalidRequest."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error


def translatable(
    fields: Fields, known: frozenset[str], hints: frozenset[str], decode: Callable[[bytes], T]
) -> T:
    """`fields`, decoded, for another dialect. Raises InvalidRequest if a field would be lost."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name in known and bytes(value) != b"null":
            kept[name] = value
        elif name not in known and name not in hints and bytes(value) not in _NEUTRAL:
            raise unsupported(name)
    return read(_write(kept), decode)[1]


def unsupported(field: str, why: str = "") -> InvalidRequest:
    """An error for a field that has no counterpart at the provider of this model."""
    more = f": {why}" if why else ""
    return InvalidRequest(
        f"`{field}` is not supported by this model's provider{more}.", param=field
    )


def check_minimum(name: str, value: int | None, minimum: int = 1) -> None:
    """Raises InvalidRequest for a value below the minimum."""
    if value is not None and value < minimum:
        raise InvalidRequest(f"`{name}` must be at least {minimum}.", param=name)


def _misfit(message: str) -> InvalidRequest:
    """A field that a closed type does not have is one without a counterpart elsewhere."""
    path = _parameter(message)
    if message.startswith("Object contains unknown field"):
        return unsupported(f"{path}." * bool(path) + message.split("`")[1])
    return InvalidRequest(message, param=path)


def _parameter(message: str) -> str | None:
    """The field in msgspec's message: "… - at `$.a[0].b`" or "… missing required field `a`"."""
    if "$." in message:
        return message.split("$.", 1)[1].rstrip("`")
    return message.split("`")[1] if "missing required field" in message else None
