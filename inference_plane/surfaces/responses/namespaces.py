"""Tools in a namespace, as Codex offers them: for other vendors, tools with a longer name.

A call comes back with the namespace in a field of its own. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses/create, tools, `namespace`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

NAME_MAX = 64
"""The longest name of a tool that every vendor takes."""

Namespaces = Mapping[str, tuple[str, str]]
"""Namespace and name of a tool by the name that other vendors know it by."""


def joined(namespace: str, name: str) -> str:
    """The name for other vendors. Where both together are too long, the tool's own has to do."""
    whole = f"{namespace}__{name}" if namespace else name
    return whole if len(whole) <= NAME_MAX else name


def of_tools(tools: Any) -> Namespaces:
    """Those that a request's `tools`, as they were parsed, declare."""
    return {joined(space, name): (space, name) for space, name in _declared(tools)}


def _declared(tools: Any) -> Iterator[tuple[str, str]]:
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict) and tool.get("type") == "namespace":
            for inner in tool.get("tools") or ():
                yield str(tool.get("name")), str(inner.get("name"))
