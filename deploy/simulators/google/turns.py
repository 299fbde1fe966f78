"""Rules between messages: function calls and responses, and thought signatures.

Source: Gemini API guides, https://ai.google.dev/gemini-api/docs/function-calling and
https://ai.google.dev/gemini-api/docs/thought-signatures. Source of the words: errors as users quote
them, such as https://github.com/google-gemini/gemini-cli/issues/16415.
"""

import base64
import re

from deploy.simulators import directive as directives
from deploy.simulators import signatures
from deploy.simulators.google.errors import invalid, wrong_field
from deploy.simulators.google.requests import Content, FunctionCall, GenerateRequest, Part

PURPOSE = "google thought"
_SIGNS = re.compile(r"gemini-([3-9]|\d\d)")
_SKIPPING = {"skip_thought_signature_validator", "context_engineering_is_the_way_to_go"}
"""The vendor's documented placeholder signatures for calls that it did not make."""
_CALL_PLACE = (
    "Please ensure that function call turn comes immediately after a user turn or after a function "
    "response turn."
)
_RESPONSE_PLACE = (
    "Please ensure that function response turn comes immediately after a function call turn."
)
_NUMBER = (
    "Please ensure that the number of function response parts is equal to the number of function "
    "call parts of the function call turn."
)
_ENDS = "Please ensure that multiturn requests ends with a user role or a function response."
_ENDS_SINGLE = (
    "Please ensure that single turn requests end with a user role or the role field is empty."
)
_ONE_OF = ("inline_data", "file_data", "function_call", "function_response")


def check_turns(parsed: GenerateRequest, model: str) -> None:
    """Raises `Refusal` as the vendor does."""
    contents = parsed.contents
    if not contents:
        raise wrong_field("contents", "contents is not specified")
    for number, content in enumerate(contents):
        _check_content(content, number)
    for number, content in enumerate(contents):
        before = contents[number - 1] if number else None
        after = contents[number + 1] if number + 1 < len(contents) else None
        _check_calls(content, before, after)
    if contents[-1].role == "model":
        raise invalid(_ENDS_SINGLE if len(contents) == 1 else _ENDS)
    if contents[0].role == "model":
        raise invalid("Please ensure that multiturn requests alternate between user and model.")
    if _SIGNS.match(model):
        _check_signed(contents)


def thinks_always(model: str) -> bool:
    """Whether this model thinks by default."""
    return bool(_SIGNS.match(model)) or model.startswith("gemini-2.5")


def calls(content: Content | None) -> list[FunctionCall]:
    return [part.function_call for part in content.parts if part.function_call] if content else []


def answered(contents: list[Content]) -> bool:
    """Whether there is the result of a function since the model's last content."""
    since = directives.since_answer(contents, lambda each: each.role == "model")
    return any(responses(each) for each in since)


def responses(content: Content | None) -> int:
    return sum(part.function_response is not None for part in content.parts) if content else 0


def _check_content(content: Content, number: int) -> None:
    if content.role not in (None, "", "user", "model", "function"):
        raise invalid("Please use a valid role: user, model.")
    if not content.parts:
        raise wrong_field(f"contents[{number}].parts", "contents.parts must not be empty.")
    for place, part in enumerate(content.parts):
        where = f"contents[{number}].parts[{place}]"
        value = sum(getattr(part, name) is not None for name in _ONE_OF)
        value += isinstance(part.text, str)
        value += part.executable_code is not None or part.code_execution_result is not None
        if value != 1:
            raise wrong_field(
                f"{where}.data", "required oneof field 'data' must have one initialized field"
            )
        _check_part(part, where)


def _check_part(part: Part, where: str) -> None:
    if part.inline_data is not None:
        _check_base64(part.inline_data.data, f"{where}.inline_data.data")
        if "/" not in part.inline_data.mime_type:
            raise invalid(f"Unsupported MIME type: {part.inline_data.mime_type}")
    signature = part.thought_signature
    if signature and not _is_known(signature, where):
        raise invalid("Corrupted thought signature.")


def _is_known(signature: str, where: str) -> bool:
    if signature in _SKIPPING:
        return True
    raw = _check_base64(signature, f"{where}.thought_signature")
    is_skipping = raw.decode(errors="replace") in _SKIPPING
    return is_skipping or signatures.is_signed(base64.b64encode(raw).decode(), PURPOSE)


def _check_base64(data: str, where: str) -> bytes:
    """The bytes; both alphabets are read, with or without padding."""
    try:
        text = data.replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        message = (
            f"Invalid value at '{where}' (TYPE_BYTES), Base64 decoding failed for \"{data[:40]}\""
        )
        raise invalid(message) from None


def _check_calls(content: Content, before: Content | None, after: Content | None) -> None:
    if calls(content):
        if before is None or (before.role == "model"):
            raise invalid(_CALL_PLACE)
        if responses(after) != len(calls(content)):
            raise invalid(_NUMBER)
    if responses(content) and not calls(before):
        raise invalid(_RESPONSE_PLACE)


def _check_signed(contents: list[Content]) -> None:
    """In the current turn, the first call of each step must have its signature."""
    emitted = [n for n, each in enumerate(contents) if each.role != "model" and not responses(each)]
    for number in range(max(emitted, default=0), len(contents)):
        first = next((part for part in contents[number].parts if part.function_call), None)
        if first is not None and first.function_call and not first.thought_signature:
            raise invalid(
                "Function call is missing a thought_signature in functionCall parts. This is "
                "required for tools to work correctly, and missing thought_signature may lead to "
                "degraded model performance. Additional data, function call "
                f"`default_api:{first.function_call.name}` , position {number + 1}. Please refer "
                "to https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
            )
