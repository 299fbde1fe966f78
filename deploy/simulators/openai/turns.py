"""Rules between messages: every tool call has a result, every result has a call.

Source: OpenAI API guide, https://platform.openai.com/docs/guides/function-calling. Source of the
words: errors as users quote them, such as https://github.com/smarter-sh/smarter/issues/264.
"""

from typing import Any

from deploy.simulators import directive as directives
from deploy.simulators.openai.errors import invalid
from deploy.simulators.openai.requests import Assistant, Message, Tool

_ORPHAN = (
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
    "'tool_calls'."
)
_UNANSWERED = (
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
    "'tool_call_id'. The following tool_call_ids did not have response messages: "
)


def check_turns(messages: list[Message]) -> None:
    """Raises `Refusal` as the vendor does."""
    open_ids: list[str] = []
    known: set[str] = set()
    for number, message in enumerate(messages):
        if isinstance(message, Tool):
            if message.tool_call_id not in known:
                raise invalid(_ORPHAN, f"messages.[{number}].role")
            open_ids = [each for each in open_ids if each != message.tool_call_id]
            continue
        _check_answered(open_ids, number)
        known = set()
        if isinstance(message, Assistant):
            _check_assistant(message, number)
            open_ids = [call.id for call in message.tool_calls or ()]
            known = set(open_ids)
    _check_answered(open_ids, len(messages))


def _check_answered(open_ids: list[str], number: int) -> None:
    if open_ids:
        raise invalid(_UNANSWERED + ", ".join(open_ids), f"messages.[{number}].role")


def _check_assistant(message: Assistant, number: int) -> None:
    prompt_text = (message.content, message.refusal, message.tool_calls, message.function_call)
    if all(each is None for each in (*prompt_text, message.audio)):
        raise invalid(
            "Invalid value for 'content': expected a string, got null.",
            f"messages.[{number}].content",
        )


def after_tools(body: dict[str, Any]) -> bool:
    """Whether there is a tool result since the model's last message."""
    since = directives.since_answer(body["messages"], lambda each: each.get("role") == "assistant")
    return any(each.get("role") in ("tool", "function") for each in since)
