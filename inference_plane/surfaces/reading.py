"""Reads bodies, so that an error names the field that is wrong as the caller knows it.

A surface handles a field in one of three ways: it is translated into the canonical format; it is a
hint that does not change the answer, and is left out; or only the vendor of that dialect supports
it, and it is refused by name unless its value is neutral.
"""

from typing import Any, TypeVar

import msgspec

from shared import json_values
from shared.errors import InvalidRequest

Fields = dict[str, Any]
T = TypeVar("T")


def fields_of(body: bytes) -> Fields:
    """The body's top-level fields, parsed. Raises InvalidRequest."""
    value = json_values.decode(body)
    if not isinstance(value, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return value


def read(body: bytes, kind: type[T]) -> tuple[Fields, T]:
    """The top-level fields, and the body as `kind`. Raises InvalidRequest."""
    fields = fields_of(body)
    return fields, convert(fields, kind)


def convert(value: Any, kind: type[T]) -> T:
    """`value`, already parsed, as `kind`. Raises InvalidRequest."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error


def translatable(fields: Fields, known: frozenset[str], hints: frozenset[str], kind: type[T]) -> T:
    """`fields` as `kind`, for another dialect. Raises InvalidRequest if a field would be lost."""
    kept: Fields = {}
    for name, value in fields.items():
        if name in known and value is not None:
            kept[name] = value
        elif name not in known and name not in hints and not _is_neutral(value):
            raise unsupported(name)
    return convert(kept, kind)


def _is_neutral(value: Any) -> bool:
    return value is None or value is False or value in ({}, [])


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
