"""Instructions in the middle of a caller's own conversation, for a Claude that takes none there.

Claude Code sends them to every model whose name it does not know, such as an alias of ours.
"""

from typing import Any

from inference_plane.core.conversation import tagged
from inference_plane.providers.anthropic import families


def placed(messages: Any, model: str) -> Any:
    """`messages` as they came; for an older model its instructions as a user's text in tags."""
    if not isinstance(messages, list) or families.takes_instructions(model):
        return messages
    return [_as_user(each) if _is_instruction(each) else each for each in messages]


def _is_instruction(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") == "system"


def _as_user(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if isinstance(content, str):
        return {"role": "user", "content": tagged(content)}
    blocks = content if isinstance(content, list) else []
    return {"role": "user", "content": [_tagged(block) for block in blocks]}


def _tagged(block: Any) -> Any:
    if not isinstance(block, dict) or not isinstance(block.get("text"), str):
        return block
    return block | {"text": tagged(block["text"])}
