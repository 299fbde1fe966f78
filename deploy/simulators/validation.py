"""Validates a request against the vendor's types; a mismatch is a `Violation`.

The types forbid unknown fields. Each vendor's `errors` words the violation.
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
class Violation(Exception):
    """`path` leads to the field; `expected` and `got` are msgspec's wording, or empty."""

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


_MESSAGES: tuple[tuple[Kind, str], ...] = (
    ("unknown", r"Object contains unknown field `(?P<name>[^`]*)`"),
    ("missing", r"Object missing required field `(?P<name>[^`]*)`"),
    ("bound", r"Expected `(?P<expected>[^`]*` (?:[<>]|of length|matching).*)"),
    ("type", r"Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`"),
    ("value", r"Invalid (?:enum )?value (?P<got>.*)"),
)
_PLACE = re.compile(r" - at (?:key in )?`\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|\.?([^.\[\]]+)")


def read(body: Any, shape: type[Shape]) -> Shape:
    """The request as `shape`. Raises `Violation`."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        raise violation(str(error)) from error


def violation(text: str) -> Violation:
    """Parses msgspec's message."""
    place = _PLACE.search(text)
    path = _steps(place["path"]) if place else ()
    text = text[: place.start()] if place else text
    for kind, pattern in _MESSAGES:
        match = re.match(pattern, text)
        if match:
            found = match.groupdict()
            name = found.get("name")
            expected = (found.get("expected") or "").replace("`", "")
            return Violation(
                kind, path + ((name,) if name else ()), expected, found.get("got") or ""
            )
    return Violation("value", path, text)


def _steps(path: str) -> tuple[str | int, ...]:
    found = (match[1] or match[2] for match in _STEP.finditer(path))
    return tuple(int(step) if step.isdigit() else step for step in found)


def find(body: Any, path: tuple[str | int, ...]) -> Any:
    """The request's value at this path, or None."""
    for step in path:
        if isinstance(step, int):
            body = body[step] if isinstance(body, list) and step < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body
