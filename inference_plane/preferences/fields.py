"""Writes a user's preferences into the fields that a request leaves out.

A field that the caller set stays as it is, and so do the fields that go with it: a caller who sets
one sampling parameter has set the sampling, and one who sets the reasoning has budgeted for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

_write = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class PreferenceFields:
    """Where a surface has its preferences.

    `names`: by preference, its field. `conflicts`: by preference, the fields that, where the caller
    set one, suppress the preference. `parent` is the object that holds them, where it is not the
    body itself. `normalize` gives a body its canonical field names.
    """

    names: Mapping[str, str]
    conflicts: Mapping[str, tuple[str, ...]]
    parent: str = ""
    normalize: Callable[[Any], Any] = lambda body: body


NO_FIELDS = PreferenceFields({}, {})
"""For a surface that takes no preferences."""


def fill(
    fields: Mapping[str, Any], places: PreferenceFields, preferred: Mapping[str, Any]
) -> bytes | None:
    """The JSON body with the preferences that apply; None where none does.

    `fields` are the body's top-level fields, `preferred` the values by preference.
    """
    possible = {name: preferred[name] for name in places.names if name in preferred}
    if not possible:
        return None
    body, parent = _parsed(fields, places)
    added = {
        places.names[name]: value
        for name, value in possible.items()
        if not any(_is_set(parent.get(each)) for each in _blockers(name, places))
    }
    parent.update(added)
    return _write(body) if added else None


def _parsed(
    fields: Mapping[str, Any], places: PreferenceFields
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body, and the object in it that holds the fields."""
    if not places.parent:
        body: dict[str, Any] = dict(fields)
        return body, body
    body = places.normalize(dict(fields))
    parent = body.get(places.parent) or {}
    body[places.parent] = parent
    return body, parent


def _blockers(name: str, places: PreferenceFields) -> tuple[str, ...]:
    return (places.names[name], *places.conflicts.get(name, ()))


def _is_set(value: Any) -> bool:
    """`null` is how some SDKs write what their caller left out; an empty name is no name."""
    return value is not None and value != ""
