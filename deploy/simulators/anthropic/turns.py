"""Rules between messages: roles, tool calls and results, signed thinking.

Source: Anthropic API guides,
https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use and
https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking. Source of the words: errors
as users quote them, such as https://github.com/anthropics/claude-code/issues/5060.
"""

from dataclasses import dataclass

from deploy.simulators import signatures
from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.requests import (
    Content,
    Message,
    RedactedThinking,
    ServerResults,
    ServerToolUse,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)

_EMITTED = ToolUse | Thinking | RedactedThinking | ServerToolUse | ServerResults
THINKING = "anthropic thinking"
REDACTED = "anthropic redacted thinking"


@dataclass(slots=True)
class Turn:
    """Consecutive messages of one role; `number` is that of the first."""

    role: str
    number: int
    blocks: list[Content]


def check_turns(messages: list[Message], thinks: bool) -> list[Turn]:
    """The turns, without instructions in their middle, which stand between the others.

    Raises `Refusal` as the vendor does; `thinks`: thinking is enabled.
    """
    if messages[0].role != "user":
        raise invalid('messages: first message must use the "user" role')
    for number, message in enumerate(messages):
        _check_message(message, number, is_last=number == len(messages) - 1)
    turns = _merged([each for each in messages if each.role != "system"])
    _check_unique(turns)
    for place, turn in enumerate(turns):
        after = turns[place + 1] if place + 1 < len(turns) else None
        before = turns[place - 1] if place else None
        if turn.role == "assistant":
            _check_answered(turn, after)
        else:
            _check_results(turn, before)
    if thinks:
        _check_thinking_kept(turns)
    return turns


def _check_message(message: Message, number: int, is_last: bool) -> None:
    if not message.content and not (is_last and message.role == "assistant"):
        raise invalid(
            f"messages.{number}: all messages must have non-empty content except for the optional "
            "final assistant message"
        )
    if isinstance(message.content, str):
        _check_ending(message.content, message.role, is_last)
        return
    for place, block in enumerate(message.content):
        _check_block(block, message.role, f"messages.{number}", place)
    final = message.content[-1] if message.content else None
    if isinstance(final, Text):
        _check_ending(final.text, message.role, is_last)


def _check_ending(text: str, role: str, is_last: bool) -> None:
    if is_last and role == "assistant" and text != text.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def _check_block(block: Content, role: str, where: str, place: int) -> None:
    if isinstance(block, Text) and not block.text.strip():
        needs = "contain non-whitespace text" if block.text else "be non-empty"
        raise invalid(f"messages: text content blocks must {needs}")
    emitted = isinstance(block, _EMITTED)
    kind = str(type(block).__struct_config__.tag)
    if emitted and role == "user":
        raise invalid(f"{where}: `{kind}` blocks can only be in `assistant` messages")
    if not emitted and role == "assistant" and not isinstance(block, Text):
        raise invalid(f"{where}: `{kind}` blocks can only be in `user` messages")
    if isinstance(block, Thinking) and not signatures.is_signed(
        block.signature, THINKING, block.thinking
    ):
        raise invalid(f"{where}.content.{place}: Invalid `signature` in `thinking` block")
    if isinstance(block, RedactedThinking) and not signatures.is_signed(block.data, REDACTED):
        raise invalid(f"{where}.content.{place}: Invalid `data` in `redacted_thinking` block")


def _merged(messages: list[Message]) -> list[Turn]:
    turns: list[Turn] = []
    for number, message in enumerate(messages):
        value = message.content
        blocks: list[Content] = [Text(text=value)] if isinstance(value, str) else list(value)
        if turns and turns[-1].role == message.role:
            turns[-1].blocks += blocks
        else:
            turns.append(Turn(message.role, number, blocks))
    return turns


def _check_unique(turns: list[Turn]) -> None:
    seen: set[str] = set()
    for turn in turns:
        for place, block in enumerate(turn.blocks):
            if isinstance(block, ToolUse) and block.id in seen:
                where = f"messages.{turn.number}.content.{place}"
                raise invalid(f"{where}: `tool_use` ids must be unique")
            seen |= {block.id} if isinstance(block, ToolUse) else set()


def _results(turn: Turn | None) -> list[str]:
    """The tool results at the start of a turn; they must come before anything else."""
    found: list[str] = []
    for block in turn.blocks if turn else ():
        if not isinstance(block, ToolResult):
            break
        found.append(block.tool_use_id)
    return found


def _check_answered(turn: Turn, after: Turn | None) -> None:
    answered = _results(after)
    used = [block.id for block in turn.blocks if isinstance(block, ToolUse)]
    open_ids = [each for each in used if each not in answered]
    if open_ids:
        raise invalid(
            f"messages.{turn.number}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(open_ids)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )


def _check_results(turn: Turn, before: Turn | None) -> None:
    used = [block.id for block in before.blocks if isinstance(block, ToolUse)] if before else []
    for place, block in enumerate(turn.blocks):
        if isinstance(block, ToolResult) and block.tool_use_id not in used:
            raise invalid(
                f"messages.{turn.number}.content.{place}: unexpected `tool_use_id` found in "
                f"`tool_result` blocks: {block.tool_use_id}. Each `tool_result` block must have a "
                "corresponding `tool_use` block in the previous message."
            )


def _check_thinking_kept(turns: list[Turn]) -> None:
    """When tool results are sent, the thinking before their calls must be sent back first."""
    if len(turns) < 2 or not _results(turns[-1]):
        return
    first = turns[-2].blocks[0]
    if not isinstance(first, Thinking | RedactedThinking):
        kind = str(type(first).__struct_config__.tag)
        raise invalid(
            f"messages.{turns[-2].number}.content.0.type: Expected `thinking` or "
            f"`redacted_thinking`, but found `{kind}`. When `thinking` is enabled, a final "
            "`assistant` message must start with a thinking block (preceeding the lastmost set of "
            "`tool_use` and `tool_result` blocks)."
        )
