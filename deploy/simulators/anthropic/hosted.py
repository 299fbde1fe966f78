"""Uses of the tools that Anthropic runs itself: their blocks, and the count of searches.

Source: https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/web-search-tool, "Usage and
pricing"; https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/code-execution-tool. Seen in
recorded answers.
"""

from typing import Any

Block = dict[str, Any]
_NAMES = {"web_search": "web_search", "code_execution": "bash_code_execution"}


def blocks_of(tools: list[Block], uses: int, key: str) -> list[Block]:
    """A block for every use; their results are left out. `key` makes ids unique."""
    found: list[Block] = []
    for place, tool in enumerate(tools):
        for name, called in _NAMES.items():
            if str(tool.get("type")).startswith(f"{name}_"):
                found += [_block(called, f"{key[:18]}{place:02}{n:02}") for n in range(uses)]
    return found


def searches_of(tools: list[Block], uses: int) -> int | None:
    """How many searches are billed; None for a request without server tools."""
    kinds = [str(tool.get("type")) for tool in tools]
    if not any(kind.startswith(f"{name}_") for kind in kinds for name in _NAMES):
        return None
    return uses * sum(kind.startswith("web_search_") for kind in kinds)


def _block(name: str, number: str) -> Block:
    return {"type": "server_tool_use", "id": f"srvtoolu_01{number}", "name": name, "input": {}}
