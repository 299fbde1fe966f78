"""Reads bodies, so that an error names the field that is wrong as the caller knows it.

A surface handles a field in one of three ways, at any depth: it is translated into the canonical
format; it is a hint or bookkeeping that does not change what an answer means, and is left out,
which the caller is told; or only the vendor of that dialect supports it, and it is refused by name,
unless its value is neutral.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from inference_plane.surfaces import stray_fields
from inference_plane.surfaces.stray_fields import Stray
from shared import json_values
from shared.errors import InvalidRequest

Fields = dict[str, Any]
_STRAY = "Object contains unknown field"
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


class Known(msgspec.Struct, forbid_unknown_fields=True):
    """A type of which every field is translated. Others are found and judged by name."""


@dataclass(frozen=True, slots=True)
class Translated(Generic[T]):
    """What a dialect has in common with others. The three ways are those of the module.

    `kind` has every field that is translated, and `hints` are the paths of those left out
    (`messages[].name`). `words` are those that a field accepts: its own vendor may know better.
    """

    kind: type[T]
    hints: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)


def translatable(fields: Fields, dialect: Translated[T]) -> tuple[T, tuple[str, ...]]:
    """`fields` for another dialect, and the paths of the hints that were left out.

    Raises InvalidRequest if a field would be lost, or has a word that is not among its own.
    """
    _check_words(fields, dialect.words)
    kept = {name: value for name, value in fields.items() if value is not None}
    try:
        return msgspec.convert(kept, dialect.kind), ()
    except msgspec.ValidationError as error:
        if not str(error).startswith(_STRAY):
            raise _misfit(str(error)) from error
    judge = _Judge(dialect.hints)
    kept = stray_fields.without(kept, dialect.kind, judge)
    return convert(kept, dialect.kind), tuple(judge.left_out)


class _Judge:
    """Refuses what would be lost, and notes the hints that are left out, each once."""

    def __init__(self, hints: frozenset[str]) -> None:
        self._hints = hints
        self.left_out: dict[str, None] = {}

    def __call__(self, stray: Stray) -> None:
        if _is_neutral(stray):
            return
        if stray.place not in self._hints:
            raise unsupported(stray.path)
        self.left_out[stray.place] = None


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


def _is_neutral(stray: Stray) -> bool:
    """Whether leaving the field out changes nothing. An empty object inside may switch a tool on
    (`{"googleSearch": {}}`).
    """
    if stray.value == {}:
        return not {".", "["} & set(stray.path)
    return stray.value is None or stray.value is False or stray.value == []


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
    if message.startswith(_STRAY):
        return unsupported(f"{path}." * bool(path) + message.split("`")[1])
    if path and path.endswith("type") and message.startswith("Invalid value '"):
        kind = message.split("'")[1]
        return unsupported(path, f"`{kind}`")
    return InvalidRequest(message, param=path)


def _parameter(message: str) -> str | None:
    """The field in msgspec's message: "… - at `$.a[0].b`" or "… missing required field `a`"."""
    if "$." in message:
        return message.split("$.", 1)[1].rstrip("`")
    return message.split("`")[1] if "missing required field" in message else None
