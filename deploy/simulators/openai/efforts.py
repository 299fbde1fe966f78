"""Which levels of effort a model has; those of other families are rejected.

Source: https://platform.openai.com/docs/api-reference/chat/create, `reasoning_effort`, and
https://platform.openai.com/docs/guides/latest-model. Source of the words: errors as users quote
them, such as https://github.com/openai/codex/issues/8133.
"""

import re

from deploy.simulators.openai.errors import invalid

_CHATS = re.compile(r"gpt-3|gpt-4|chatgpt-|gpt-5.*-chat")
_LEVELS = (
    (re.compile(r"gpt-5[.\d]*-pro"), ("medium", "high", "xhigh")),
    (re.compile(r"gpt-5(\.1)?-codex-max"), ("low", "medium", "high", "xhigh")),
    (re.compile(r"o\d|codex-|gpt-5(\.1)?-codex"), ("low", "medium", "high")),
    (re.compile(r"gpt-5(?![.\d])"), ("minimal", "low", "medium", "high")),
    (re.compile(r"gpt-5\.1"), ("none", "low", "medium", "high")),
    (re.compile(r"gpt-5\.\d"), ("none", "low", "medium", "high", "xhigh")),
)
"""The first that the model's name begins with counts; a name of another form takes any level."""


def check_effort(model: str, effort: str | None, param: str) -> None:
    """Raises `Refusal` for a level that this model does not have."""
    if effort is None:
        return
    if _CHATS.match(model):
        message = f"Unsupported parameter: '{param}' is not supported with this model."
        raise invalid(message, param, "unsupported_parameter")
    levels = next((each for pattern, each in _LEVELS if pattern.match(model)), ())
    if levels and effort not in levels:
        listed = ", ".join(f"'{each}'" for each in levels[:-1]) + f", and '{levels[-1]}'"
        message = (
            f"Unsupported value: '{effort}' is not supported with the '{model}' model. Supported "
            f"values are: {listed}."
        )
        raise invalid(message, param, "unsupported_value")
