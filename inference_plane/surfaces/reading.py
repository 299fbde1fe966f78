"""Reads bodies, so that an error names the field that is wrong as the caller knows it.

A surface handles a field in one of three ways: it is translated into the canonical format; it is a
hint that does not change the answer, and is left out; or only the vendor of that dialect supports
it, and it is refused by name unless its value is neutral.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


Words = Mapping[str, tuple[str, ...]]
"""The words that a field accepts, by its path: `a.b` is a member, `a[].b` one of each element."""


@dataclass(frozen=True, slots=True)
class Translated:
    """What a dialect has in common with others. The three ways are those of the module.

    `known` fields are translated and `hints` left out. `words` are those that a field accepts: only
    its own vendor may know better.
    """

    known: frozenset[str]
    hints: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)


def translatable(fields: Fields, dialect: Translated, kind: type[T]) -> T:
    """`fields` as `kind`, for another dialect.

    Raises InvalidRequest if a field would be lost, or has a word that is not among its own.
    """
    _check_words(fields, dialect.words)
    known, hints = dialect.known, dialect.hints
    kept: Fields = {}
    for name, value in fields.items():
        if name in known and value is not None:
            kept[name] = value
        elif name not in known and name not in hints and not _is_neutral(value):
            raise unsupported(name)
    return convert(kept, kind)


def _check_words(fields: Fields, words: Words) -> None:
    for path, accepted in words.items():
        for place, value in _at(fields, path.split("."), ""):
            if isinstance(value, str) and value not in accepted and value.upper() not in accepted:
                listed = ", ".join(f"`{each}`" for each in accepted)
                raise InvalidRequest(f"`{place}` must be one of {listed}.", param=place)


def _at(value: Any, names: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """The values at a path, each with its own path."""
    if not names:
        yield place, value
        return
    name, rest = names[0].removesuffix("[]"), names[1:]
    inner = value.get(name) if isinstance(value, dict) else None
    path = f"{place}.{name}".lstrip(".")
    if name == names[0]:
        yield from _at(inner, rest, path)
        return
    for number, each in enumerate(inner if isinstance(inner, list) else ()):
        yield from _at(each, rest, f"{path}[{number}]")


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
