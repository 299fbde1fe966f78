"""Finds the fields of a parsed body that its type does not have, at any depth, and leaves them out.

It runs only for bodies that have such a field, which msgspec tells at no cost; see `reading.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from msgspec import inspect


@dataclass(frozen=True, slots=True)
class Stray:
    """A field without a place in its type. `place` is its path as tables write it
    (`messages[].name`), `path` that of this very field (`messages[2].name`).
    """

    place: str
    path: str
    value: Any


Judge = Callable[[Stray], None]
"""Raises for a field that must not be left out."""


def without(value: Any, kind: type, judge: Judge) -> Any:
    """A copy of `value` with only the fields that `kind` has. `value` itself stays as it is."""
    return _copy(value, _type_of(kind), judge, "", "")


@cache
def _type_of(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


def _copy(value: Any, kind: inspect.Type, judge: Judge, place: str, path: str) -> Any:
    if isinstance(kind, inspect.UnionType):
        kind = _member(value, kind.types)
    if isinstance(kind, inspect.StructType) and isinstance(value, dict) and _is_closed(kind):
        return _copy_struct(value, kind, judge, place, path)
    if isinstance(kind, inspect.ListType) and isinstance(value, list):
        of = kind.item_type
        return [
            _copy(each, of, judge, f"{place}[]", f"{path}[{number}]")
            for number, each in enumerate(value)
        ]
    return value


def _is_closed(kind: inspect.StructType) -> bool:
    """An open type has a place for every field."""
    return kind.cls.__struct_config__.forbid_unknown_fields


def _copy_struct(
    value: dict[str, Any], kind: inspect.StructType, judge: Judge, place: str, path: str
) -> dict[str, Any]:
    known = {field.encode_name: field.type for field in kind.fields}
    kept = {}
    for name, each in value.items():
        inner, exact = f"{place}.{name}".lstrip("."), f"{path}.{name}".lstrip(".")
        if name in known:
            kept[name] = _copy(each, known[name], judge, inner, exact)
        elif name == kind.tag_field:
            kept[name] = each
        else:
            judge(Stray(inner, exact, each))
    return kept


def _member(value: Any, kinds: Sequence[inspect.Type]) -> inspect.Type:
    """The one of a union's types that `value` is read as; Any where nothing inside is known."""
    for kind in kinds:
        is_list = isinstance(kind, inspect.ListType) and isinstance(value, list)
        if is_list or (isinstance(kind, inspect.StructType) and _is_tagged(value, kind)):
            return kind
    return inspect.AnyType()


def _is_tagged(value: Any, kind: inspect.StructType) -> bool:
    if not isinstance(value, dict):
        return False
    return kind.tag_field is None or bool(value.get(kind.tag_field) == kind.tag)
