"""Decides what the simulated model says: text in frames, or a tool call, and what it counts."""

import json
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from deploy.embedded.simulated import fitting
from deploy.embedded.simulated.directive import Directive, text_of

_TEXT = (
    "This answer is simulated : no model was asked , because no provider key is set . "
    "Set OPENAI_API_KEY to stream a real one ."
)
FRAMES = 20
PIECE = 12
"""Characters of tool arguments in one frame."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`pieces` are frames of text, or of the arguments when `tool` names a tool."""

    pieces: list[str]
    tool: str | None
    cut: bool
    prompt_tokens: int

    @property
    def finish_reason(self) -> str:
        if self.cut:
            return "length"
        return "tool_calls" if self.tool else "stop"


def compose(body: dict[str, Any], directive: Directive) -> Answer:
    """What to say to this request."""
    tool, pieces = _call(body, directive), None
    if tool is not None:
        name, arguments = tool
        text = json.dumps(arguments)
        pieces = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
        return Answer(pieces, name, cut=False, prompt_tokens=_count(body))
    pieces = _text(body, directive)
    limit = body.get("max_completion_tokens") or body.get("max_tokens") or len(pieces)
    return Answer(pieces[:limit], None, len(pieces) > limit, _count(body))


def _call(body: dict[str, Any], directive: Directive) -> tuple[str, Any] | None:
    if directive.tool is not None:
        return directive.tool.name, directive.tool.arguments
    tools = {tool["function"]["name"]: tool["function"] for tool in body.get("tools") or ()}
    choice = body.get("tool_choice")
    if not tools or choice in (None, "auto", "none"):
        return None
    name = choice["function"]["name"] if isinstance(choice, dict) else next(iter(tools))
    return name, fitting.fit(tools[name].get("parameters") or {})


def _text(body: dict[str, Any], directive: Directive) -> list[str]:
    wanted = body.get("response_format") or {}
    text = directive.text
    if text is None and wanted.get("type") == "json_schema":
        text = json.dumps(fitting.fit(wanted["json_schema"].get("schema") or {}))
    elif text is None and wanted.get("type") == "json_object":
        text = '{"simulated": true}'
    if text is None:
        words = islice(cycle(_TEXT.split()), directive.frames or FRAMES)
        return [word if i == 0 else f" {word}" for i, word in enumerate(words)]
    return _split(text, directive.frames or min(FRAMES, max(1, len(text) // 4)))


def _split(text: str, count: int) -> list[str]:
    size = max(1, -(-len(text) // count))
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def _count(body: dict[str, Any]) -> int:
    """Words and framing: no tokenizer, but it grows with the prompt as a real count does."""
    messages = body.get("messages") or []
    tools = len(json.dumps(body["tools"])) // 4 if body.get("tools") else 0
    return tools + sum(4 + -(-len(text_of(message)) // 4) for message in messages)
