"""Rules between items: calls and their outputs, unchanged reasoning.

Source: OpenAI API guides, https://platform.openai.com/docs/guides/function-calling and
https://platform.openai.com/docs/guides/reasoning, "Encrypted reasoning items". Source of the words:
errors as users quote them, such as https://github.com/james-6-23/codex2api/issues/414.
"""

from typing import Any

from deploy.simulators import signatures
from deploy.simulators.openai.errors import invalid
from deploy.simulators.openai.media import check_image
from deploy.simulators.openai.responses_requests import (
    CallItem,
    CustomCallItem,
    CustomOutputItem,
    InputImage,
    Item,
    MessageItem,
    OutputItem,
    ReasoningItem,
)

PURPOSE = "openai reasoning"
_FORGED = "Reason: Encrypted content could not be decrypted or parsed."


def check_turns(items: list[Item], open_calls: set[str]) -> None:
    """Raises `Refusal` as the vendor does; `open_calls` are the previous response's."""
    waiting = set(open_calls)
    for number, item in enumerate(items):
        if isinstance(item, CallItem | CustomCallItem):
            waiting.add(item.call_id)
        elif isinstance(item, OutputItem | CustomOutputItem):
            if item.call_id not in waiting:
                message = "No tool call found for function call output with call_id "
                raise invalid(f"{message}{item.call_id}.", "input")
            waiting.discard(item.call_id)
        elif isinstance(item, ReasoningItem):
            _check_reasoning(item)
        elif isinstance(item, MessageItem) and isinstance(item.content, list):
            _check_content(item, number)
    if waiting:
        message = f"No tool output found for function call {min(waiting)}."
        raise invalid(message, "input")


def _check_reasoning(item: ReasoningItem) -> None:
    sealed = item.encrypted_content
    if sealed is not None and not signatures.is_signed(sealed, PURPOSE):
        message = f"The encrypted content for item {item.id} could not be verified. {_FORGED}"
        raise invalid(message, None, "invalid_encrypted_content")


def _check_content(item: MessageItem, number: int) -> None:
    for place, part in enumerate(item.content):
        emitted = type(part).__name__.startswith("Output")
        if emitted != (item.role == "assistant"):
            wanted = "'output_text' and 'refusal'" if item.role == "assistant" else "'input_text'"
            found = "output_text" if emitted else "input_text"
            param = f"input[{number}].content[{place}]"
            message = f"Invalid value: '{found}'. Supported values are: {wanted}."
            raise invalid(message, param, "invalid_value")
        if isinstance(part, InputImage) and part.image_url is not None:
            check_image(part.image_url, f"input[{number}].content[{place}].image_url")


def normalised(value: Any) -> Any:
    """The input as a list of items with their types; invalid items are reported later."""
    if isinstance(value, str):
        return [{"type": "message", "role": "user", "content": value}]
    if not isinstance(value, list):
        return value
    return [
        {"type": "message"} | each if isinstance(each, dict) and "role" in each else each
        for each in value
    ]
