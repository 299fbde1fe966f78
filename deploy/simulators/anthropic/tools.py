"""The tools of a request: custom tools are checked in full, the vendor's own by type only.

Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use; for forced calls,
https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking.
"""

import re
from typing import Any

from deploy.simulators import validation
from deploy.simulators.answers import Offer
from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.requests import (
    AnyChoice,
    CountRequest,
    CustomTool,
    NoChoice,
    ThinkingAdaptive,
    ThinkingEnabled,
    ToolChoice,
)
from deploy.simulators.anthropic.schemas import check_schema

_OWN = re.compile(
    r"(bash|text_editor|computer|web_search|web_fetch|code_execution|memory|tool_search_tool_\w+)"
    r"_\d{8}"
)
_NO_UNION = "input_schema does not support oneOf, allOf, or anyOf at the top level"


def check_tools(parsed: CountRequest) -> tuple[Offer, ...]:
    """The tools that may be called. Raises `Violation` or `Refusal` as the vendor does."""
    value = parsed.tools or []
    offers = [offer for number, tool in enumerate(value) if (offer := _read(tool, number))]
    names = [str(tool.get("name")) for tool in value]
    if len(set(names)) < len(names):
        raise invalid("tools: Tool names must be unique.")
    choice = parsed.tool_choice
    if choice is not None and not value and not isinstance(choice, NoChoice):
        raise invalid("tool_choice: `tool_choice` may only be specified while providing `tools`.")
    if isinstance(choice, ToolChoice) and choice.name not in names:
        raise invalid(f"tool_choice.tool.name: Tool '{choice.name}' not found in provided tools")
    thinks = isinstance(parsed.thinking, ThinkingEnabled | ThinkingAdaptive)
    if thinks and isinstance(choice, AnyChoice | ToolChoice):
        raise invalid("Thinking may not be enabled when tool_choice forces tool use.")
    return () if isinstance(choice, NoChoice) else tuple(offers)


def _read(tool: dict[str, Any], number: int) -> Offer | None:
    kind = tool.get("type") or "custom"
    if kind != "custom":
        if not _OWN.fullmatch(str(kind)):
            message = (
                f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
            )
            raise invalid(f"tools.{number}: {message}")
        return None
    try:
        own = validation.read({**tool, "type": "custom"}, CustomTool)
    except validation.Violation as violation:
        violation.path = ("tools", number, *violation.path)
        raise
    if {"oneOf", "allOf", "anyOf"} & tool["input_schema"].keys():
        raise invalid(f"tools.{number}.custom.input_schema: {_NO_UNION}")
    if tool.get("strict"):
        check_schema(tool["input_schema"], f"tools.{number}.custom.input_schema")
    return Offer(own.name, tool["input_schema"])
