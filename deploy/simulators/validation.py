"""Reads a request into the vendor's types; what does not fit is a `Misfit`, in nobody's words yet.

The types forbid what they do not name, so a field the vendor does not know cannot slip through.
Each vendor's `errors` says a misfit in its own words.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec

Shape = TypeVar("Shape")
Kind = Literal["unknown", "missing", "type", "value", "bound"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A type that accepts only the fields it names."""


@dataclass(slots=True)
class Misfit(Exception):
    """`path` leads to the field; `expected` and `got` are in msgspec's words, or empty."""

    kind: Kind
    path: tuple[str | int, ...]
    expected: str = ""
    got: str = ""

    @property
    def dotted(self) -> str:
        """`messages.0.content`"""
        return ".".join(str(step) for step in self.path)

    @property
    def indexed(self) -> str:
        """`messages[0].content`"""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).lstrip(".")


_SAID: tuple[tuple[Kind, str], ...] = (
    ("unknown", r"Object contains unknown field `(?P<name>[^`]*)`"),
    ("missing", r"Object missing required field `(?P<name>[^`]*)`"),
    ("bound", r"Expected `(?P<expected>[^`]*` (?:[<>]|of length|matching).*)"),
    ("type", r"Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`"),
    ("value", r"Invalid (?:enum )?value (?P<got>.*)"),
)
_PLACE = re.compile(r" - at (?:key in )?`\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|\.?([^.\[\]]+)")


def read(body: Any, shape: type[Shape]) -> Shape:
    """The request as `shape`. Raises `Misfit`."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error


def misfit(said: str) -> Misfit:
    """What msgspec said, taken apart."""
    place = _PLACE.search(said)
    path = _steps(place["path"]) if place else ()
    said = said[: place.start()] if place else said
    for kind, pattern in _SAID:
        match = re.match(pattern, said)
        if match:
            found = match.groupdict()
            name = found.get("name")
            expected = (found.get("expected") or "").replace("`", "")
            return Misfit(kind, path + ((name,) if name else ()), expected, found.get("got") or "")
    return Misfit("value", path, said)


def _steps(path: str) -> tuple[str | int, ...]:
    found = (match[1] or match[2] for match in _STEP.finditer(path))
    return tuple(int(step) if step.isdigit() else step for step in found)


def look(body: Any, path: tuple[str | int, ...]) -> Any:
    """What stands there in the request, or None."""
    for step in path:
        if isinstance(step, int):
            body = body[step] if isinstance(body, list) and step < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body
