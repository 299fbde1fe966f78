"""Estimates a prompt's tokens from its JSON, for the hold. The provider's count is charged."""

from typing import Any

import msgspec

from inference_plane.core import tokens

_MEDIA = frozenset(
    [
        "image",
        "image_url",
        "input_image",
        "document",
        "file",
        "input_file",
        "input_audio",
        "inlineData",
        "inline_data",
        "fileData",
        "file_data",
    ]
)
_write = msgspec.json.Encoder().encode
_SKIPPED = frozenset({"type", "role", "id", "tool_use_id", "tool_call_id", "call_id", "signature"})


def of_turns(turns: list[Any]) -> int:
    """The tokens of messages, contents or items: each has its content and an overhead."""
    return sum(tokens.PER_MESSAGE + of_value(turn) for turn in turns)


def of_json(value: Any) -> int:
    """What is sent to the model as JSON, such as tools; none for None."""
    return tokens.of_bytes(len(_write(value))) if value is not None else 0


def of_value(value: Any) -> int:
    """Text by its length, media by their number, in any dialect."""
    if isinstance(value, str):
        return tokens.of_text(value)
    if isinstance(value, list):
        return sum(of_value(each) for each in value)
    if not isinstance(value, dict):
        return 0
    if any(value.get("type") == each for each in _MEDIA) or not _MEDIA.isdisjoint(value):
        return tokens.PER_IMAGE
    return sum(of_value(each) for name, each in value.items() if name not in _SKIPPED)
