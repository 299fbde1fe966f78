"""Uses of the tools that OpenAI runs itself, as items of a response.

A search may open pages that it found, which is an action of its own; code runs in one container.
Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/object,
"output"; guides https://platform.openai.com/docs/guides/tools-web-search and
https://platform.openai.com/docs/guides/tools-code-interpreter.
"""

from typing import Any

Item = dict[str, Any]


def items_of(tools: list[Item], uses: int, key: str) -> list[Item]:
    """Each hosted tool, used so often. `key` makes ids unique."""
    found: list[Item] = []
    for place, tool in enumerate(tools):
        for number in range(uses):
            made = _items(str(tool.get("type")), f"{key[:20]}{place:02}{number:02}", key)
            found += [each | {"status": "completed"} for each in made]
    return found


def _items(kind: str, item: str, key: str) -> list[Item]:
    if kind.startswith("web_search"):
        search = {"type": "search", "query": "simulated", "queries": ["simulated"]}
        opened = {"type": "open_page", "url": "https://example.com/"}
        return [
            {"id": f"ws_{item}{letter}", "type": "web_search_call", "action": action}
            for letter, action in (("a", search), ("b", opened))
        ]
    if kind == "file_search":
        return [{"id": f"fs_{item}", "type": "file_search_call", "queries": [], "results": None}]
    if kind == "code_interpreter":
        code: Item = {"code": "1 + 1", "outputs": None, "container_id": f"cntr_{key}"}
        return [{"id": f"ci_{item}", "type": "code_interpreter_call"} | code]
    if kind == "image_generation":
        return [{"id": f"ig_{item}", "type": "image_generation_call", "result": ""}]
    return []
