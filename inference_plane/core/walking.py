"""Walks through a parsed body, with each object's path as the caller would write it."""

from collections.abc import Collection, Iterator
from typing import Any

Node = dict[str, Any]


def objects_in(value: Any, path: str, own_json: Collection[str] = ()) -> Iterator[tuple[str, Node]]:
    """Every object at `value` and below it, with its path, such as `messages[0].content[1]`.

    What is below a field of `own_json` is the caller's, whatever the names in it.
    """
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from objects_in(each, f"{path}[{place}]", own_json)
    elif isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            if name not in own_json and isinstance(each, list | dict):
                yield from objects_in(each, f"{path}.{name}", own_json)


def objects_of(value: Any, path: str) -> Iterator[tuple[str, Node]]:
    """The objects of a list, with their paths."""
    for place, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield f"{path}[{place}]", each


def limit_of(value: Any) -> int:
    """A limit that a caller set on the uses of a tool; 1 where there is none."""
    return value if type(value) is int and value > 0 else 1
