"""The `sim:` directive: a line `sim: {json}` in the last user message tells the answer how to be.

sim: {"frames": 40, "frame_delay_ms": 100}          a slow answer
sim: {"status": 429}                                refused before the first byte
sim: {"fail_at_frame": 5}                           the connection is cut there
sim: {"stall_at_frame": 5}                          nothing more comes, the connection stays
sim: {"tool": {"name": "f", "arguments": {"a": 1}}} the tool is called
sim: {"usage": "missing"}                           or "zero", or {"prompt_tokens": 9, …}
"""

from typing import Any, Literal

import msgspec


class Tool(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    arguments: dict[str, Any] = {}


class Directive(msgspec.Struct, forbid_unknown_fields=True):
    """Frames count from 1; delays are milliseconds."""

    frames: int | None = None
    frame_delay_ms: int = 0
    first_delay_ms: int = 0
    text: str | None = None
    tool: Tool | None = None
    status: int | None = None
    fail_at_frame: int | None = None
    stall_at_frame: int | None = None
    usage: Literal["normal", "missing", "zero"] | dict[str, Any] = "normal"


_PREFIX = "sim:"


def read(messages: list[dict[str, Any]]) -> Directive:
    """The directive of the last user message. Raises ValueError saying what is wrong with it."""
    for line in _last_user_text(messages).splitlines():
        if line.strip().startswith(_PREFIX):
            try:
                return msgspec.json.decode(line.strip()[len(_PREFIX) :], type=Directive)
            except msgspec.DecodeError as error:
                raise ValueError(f"the sim: directive is not valid: {error}") from error
    return Directive()


def _last_user_text(messages: list[dict[str, Any]]) -> str:
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message)
    return ""


def text_of(message: dict[str, Any]) -> str:
    """A message's text, its parts joined."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(part.get("text") or "" for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
