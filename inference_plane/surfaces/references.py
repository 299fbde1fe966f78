"""Finds what a request refers to by an id of its vendor's.

A vendor knows only the deployment's key, and would serve every account's things to every other. So
each such id is found here, wherever it is in the body, and checked against what was recorded for
the account. A field counts by its name, also at places that no documentation names; only the
caller's own JSON (schemas, arguments, metadata) is left out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from inference_plane.core.reference import Reference

Node = Mapping[str, Any]
Named = Iterator[tuple[str, Any]]
"""Field names of a node, below it, with the ids that they hold."""

_ID_FIELD = re.compile(
    r"(?:\w+_)?(?:approval_request|container|conversation|file|prompt|response|skill|thread"
    r"|vector_store)_ids?"
)
OWN_JSON = frozenset({"arguments", "input_schema", "metadata", "parameters", "schema"})
"""Fields whose content is the caller's, whatever the names in it."""


def none(_: Node) -> list[Reference]:
    """For a surface whose vendor keeps nothing."""
    return []


def find(body: Node, named: Callable[[Node], Named], own_json: frozenset[str]) -> list[Reference]:
    """Every reference in `body`. `named` finds those of one object."""
    return list(_find(body, "", named, own_json))


def _find(
    value: Any, path: str, named: Callable[[Node], Named], own_json: frozenset[str]
) -> Iterator[Reference]:
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _find(each, f"{path}[{place}]", named, own_json)
    elif isinstance(value, dict):
        for name, ids in named(value):
            yield from _references(ids, f"{path}.{name}".lstrip("."))
        for name, each in value.items():
            if name not in own_json and isinstance(each, dict | list):
                yield from _find(each, f"{path}.{name}".lstrip("."), named, own_json)


def _references(ids: Any, field: str) -> Iterator[Reference]:
    for each in ids if isinstance(ids, list) else [ids]:
        if isinstance(each, str) and each:
            yield Reference(each, field)


def by_name(node: Node) -> Named:
    """The fields that OpenAI and Anthropic name after what they refer to.

    Source: https://platform.openai.com/docs/api-reference and
    https://docs.anthropic.com/en/api/overview, "Files", "Containers", "Skills".
    """
    for name, value in node.items():
        if "_id" in name and _ID_FIELD.fullmatch(name) and not _is_public(node, name):
            yield name, value
        elif name in ("container", "conversation"):
            yield from _object_or_id(name, value)


def _object_or_id(name: str, value: Any) -> Named:
    if isinstance(value, dict):
        yield f"{name}.id", value.get("id")
    else:
        yield name, value


def _is_public(node: Node, name: str) -> bool:
    """Anthropic's own skills belong to everybody."""
    return name == "skill_id" and node.get("type") == "anthropic"
