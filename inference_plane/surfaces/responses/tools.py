"""Reads the tools of a Responses request: functions, alone or in a namespace, and web search.

What only OpenAI runs is refused by name. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses/create, `tools`.
"""

from typing import Any

import msgspec

from inference_plane.core import prompt
from inference_plane.surfaces import reading
from inference_plane.surfaces.responses import namespaces


class Function(reading.Known, tag_field="type", tag="function"):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Namespace(reading.Known, tag_field="type", tag="namespace"):
    name: str
    tools: list[Function]
    description: str | None = None


class WebSearch(msgspec.Struct, tag_field="type", tag="web_search"):
    """OpenAI's own tool. Codex offers it unasked, so it is a hint as long as it is not forced."""


Tool = Function | Namespace | WebSearch


def is_search(tool: Tool) -> bool:
    """Whether it is OpenAI's own search, which no other vendor's model gets."""
    return isinstance(tool, WebSearch)


def read(tool: Tool) -> list[prompt.Tool]:
    """The functions of one tool."""
    match tool:
        case Function():
            return [_function(tool, "")]
        case Namespace():
            return [_function(each, tool.name) for each in tool.tools]
        case WebSearch():
            return []


def _function(tool: Function, namespace: str) -> prompt.Tool:
    name = namespaces.joined(namespace, tool.name)
    return prompt.Tool(name, tool.description or "", tool.parameters, tool.strict)
