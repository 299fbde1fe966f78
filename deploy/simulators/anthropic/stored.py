"""What Anthropic keeps for a workspace. Nothing can be made here, so every id is unknown.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/files, "Error
handling": a file that does not exist, or of another workspace, is a 404.
"""

from collections.abc import Iterator
from typing import Any

from deploy.simulators.anthropic.errors import refusal


def check_stored(body: dict[str, Any]) -> None:
    """Raises `Refusal` for a file or a container."""
    container = body.get("container")
    found = container.get("id") if isinstance(container, dict) else container
    if found:
        raise refusal(404, f"Container not found: {found}")
    for file_id in _files([body.get("messages"), body.get("system")]):
        raise refusal(404, f"File not found: {file_id}")


def _files(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _files(each)
    elif isinstance(value, dict):
        if isinstance(value.get("file_id"), str) and value.get("type") != "tool_use":
            yield value["file_id"]
        for name, each in value.items():
            if name != "input":
                yield from _files(each)
