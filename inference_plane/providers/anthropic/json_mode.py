"""JSON without a schema, or with one that structured outputs do not take: a forced tool.

Claude has no JSON mode. A tool that must be called, whose input is the answer, comes closest.
Source: https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use, "JSON
output".
"""

from typing import Any

from inference_plane.core.prompt import Format, Inexpressible, Prompt
from inference_plane.providers.anthropic.decode import JSON_TOOL
from inference_plane.providers.anthropic.schema import is_supported

_ANY_OBJECT = {"type": "object", "additionalProperties": True}


def applies_to(prompt: Prompt) -> bool:
    """Whether the answer is the input of the forced tool."""
    format_ = prompt.format
    if format_ is None or _is_idle(prompt):
        return False
    return format_.schema is None or (not format_.strict and not is_supported(format_.schema))


def _is_idle(prompt: Prompt) -> bool:
    """Whether the format has no effect, because one of the caller's tools must be called."""
    choice = prompt.tool_choice.mode if prompt.tool_choice and prompt.tools else ""
    return choice in ("required", "named")


def fields_of(prompt: Prompt) -> dict[str, Any]:
    """The fields `tools` and `tool_choice`. Raises Inexpressible beside tools of the caller's."""
    if prompt.tools:
        raise Inexpressible("format", "JSON without a closed schema, beside tools")
    format_ = prompt.format or Format()
    tool = {
        "name": JSON_TOOL,
        "description": format_.description or "Respond with a JSON object.",
        "input_schema": format_.schema or _ANY_OBJECT,
    }
    choice = {"type": "tool", "name": JSON_TOOL, "disable_parallel_tool_use": True}
    return {"tools": [tool], "tool_choice": choice}
