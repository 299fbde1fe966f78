"""The tools that a vendor runs itself, and what each use of one is called in a price.

A tool that is not named here is one nobody has priced. Each vendor's table names its source.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference_plane.core import walking
from inference_plane.core.walking import Node

WEB_SEARCH, GROUNDED_PROMPT = "web_search", "grounded_prompt"
WEB_SEARCH_PREVIEW = "web_search_preview"
FILE_SEARCH, MAP_SEARCH = "file_search", "map_search"
CODE_EXECUTION, IMAGE_GENERATION = "code_execution", "image_generation"
USES = (
    WEB_SEARCH,
    GROUNDED_PROMPT,
    WEB_SEARCH_PREVIEW,
    FILE_SEARCH,
    MAP_SEARCH,
    CODE_EXECUTION,
    f"{CODE_EXECUTION}_4g",
    f"{CODE_EXECUTION}_16g",
    f"{CODE_EXECUTION}_64g",
    IMAGE_GENERATION,
)
"""All names that a fee may have."""

FREE_OF_OPENAI = frozenset(
    {
        "function",
        "custom",
        "namespace",
        "mcp",
        "local_shell",
        "apply_patch",
        "tool_search",
        "programmatic_tool_calling",
        "computer",
        "computer_use_preview",
    }
)
"""Tools of the Responses API that cost nothing but their tokens.

Source: https://platform.openai.com/docs/pricing, "Built-in tools".
"""


def tools_of_openai(fields: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    """The tools of a Responses request with their paths, wherever it has them: an item of the input
    may add some, too.

    Source: https://platform.openai.com/docs/api-reference/responses/create, "additional_tools".
    """
    yield from walking.objects_of(fields.get("tools"), "tools")
    for path, item in walking.objects_in(fields.get("input"), "input"):
        yield from walking.objects_of(item.get("tools"), f"{path}.tools")


def tools_of_anthropic(fields: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    """The tools of a messages request with their paths: a block of a message may define one, too.

    Source: https://docs.anthropic.com/en/api/messages, "tool_addition".
    """
    yield from walking.objects_of(fields.get("tools"), "tools")
    for path, block in walking.objects_in(fields.get("messages"), "messages", ("input",)):
        definition = block.get("definition")
        if isinstance(definition, dict):
            yield f"{path}.definition", definition


def use_of_openai(tool: Mapping[str, Any]) -> str | None:
    """What a use of this tool of the Responses API is called; empty for none, None if unknown.

    A search of the older kind has a price of its own; a container costs by its memory. Source:
    https://platform.openai.com/docs/pricing, "Built-in tools".
    """
    kind = str(tool.get("type"))
    if kind in FREE_OF_OPENAI or (kind == "shell" and not _is_hosted(tool)):
        return ""
    if kind in ("code_interpreter", "shell"):
        place = tool.get("container") if kind == "code_interpreter" else tool.get("environment")
        memory = place.get("memory_limit") if isinstance(place, dict) else None
        use = CODE_EXECUTION + ("" if memory in (None, "1g") else f"_{memory}")
        return use if use in USES else None
    if kind.startswith("web_search_preview"):
        return WEB_SEARCH_PREVIEW
    if kind == "web_search" or kind.startswith("web_search_20"):
        return WEB_SEARCH
    return kind if kind in (FILE_SEARCH, IMAGE_GENERATION) else None


def _is_hosted(tool: Mapping[str, Any]) -> bool:
    place = tool.get("environment")
    return isinstance(place, dict) and place.get("type") != "local"


_ITEMS = {
    "web_search_call": WEB_SEARCH,
    "file_search_call": FILE_SEARCH,
    "code_interpreter_call": CODE_EXECUTION,
    "shell_call": CODE_EXECUTION,
    "image_generation_call": IMAGE_GENERATION,
}
"""Types of items that report a use, and what the name of the use begins with."""


def uses_by_item(fields: Mapping[str, Any]) -> dict[str, str]:
    """The name of a use by the type of the item that reports it, for a request with these tools.

    Of two tools whose items look alike, the dearer one counts: it is later in `USES`.
    """
    named = [use_of_openai(tool) or "" for _, tool in tools_of_openai(fields)]
    return {
        item: max((use for use in named if use.startswith(known)), key=USES.index, default=known)
        for item, known in _ITEMS.items()
        if item != "shell_call" or any(use.startswith(CODE_EXECUTION) for use in named)
    }


FREE_OF_ANTHROPIC = (
    "bash_",
    "text_editor_",
    "computer_",
    "memory_",
    "browser_",
    "tool_search_tool_",
    "web_fetch_",
)
"""Beginnings of Anthropic's tools that cost nothing but their tokens.

Source: https://docs.anthropic.com/en/docs/about-claude/pricing, "Tool use pricing".
"""


def use_of_anthropic(tool: Mapping[str, Any]) -> str | None:
    """What a use of this tool is called; empty for none, None for a tool that is not known.

    Code runs in a container that is billed by the hour; each answer counts as one. Source:
    https://docs.anthropic.com/en/docs/about-claude/pricing, "Code execution tool".
    """
    kind = tool.get("type")
    if kind in (None, "custom", "mcp_toolset"):
        return ""
    name = str(kind)
    if name.startswith(FREE_OF_ANTHROPIC):
        return ""
    return next((use for use in (WEB_SEARCH, CODE_EXECUTION) if name.startswith(f"{use}_")), None)


_OF_GOOGLE: dict[str, tuple[str, ...]] = {
    "functionDeclarations": (),
    "codeExecution": (),
    "urlContext": (),
    "computerUse": (),
    "fileSearch": (),
    "googleSearch": (WEB_SEARCH, GROUNDED_PROMPT),
    "googleSearchRetrieval": (WEB_SEARCH, GROUNDED_PROMPT),
    "googleMaps": (MAP_SEARCH,),
}


def uses_of_google(tool: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """The tools in one entry of Gemini's `tools`, with the names of a use; None if unknown.

    Source: https://ai.google.dev/gemini-api/docs/pricing, "Pricing for tools".
    """
    for name, value in tool.items():
        if value is not None:
            yield name, _OF_GOOGLE.get(name)
