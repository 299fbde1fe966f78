"""What OpenAI's families of models accept, by the model's name.

Other services of this dialect have names of their own, and get what the caller sent. Source:
https://platform.openai.com/docs/guides/reasoning and
https://platform.openai.com/docs/guides/latest-model, "Parameter compatibility"; levels of effort
by model, https://platform.openai.com/docs/api-reference/chat/create, `reasoning_effort`.
"""

import re

LEVELS = ("none", "minimal", "low", "medium", "high", "xhigh")
_CHATS = re.compile(r"(?:gpt-3|gpt-4|chatgpt-|gpt-5.*-chat)")
_REASONS = re.compile(r"(?:o\d|gpt-[5-9]|codex-)")
_EFFORTS = tuple(
    (re.compile(pattern), levels.split())
    for pattern, levels in (
        (r"gpt-5[.\d]*-pro", "medium high xhigh"),
        (r"gpt-5(?:\.1)?-codex-max", "low medium high xhigh"),
        (r"o\d|codex-|gpt-5(?:\.1)?-codex", "low medium high"),
        (r"gpt-5(?![.\d])", "minimal low medium high"),
        (r"gpt-5\.1", "none low medium high"),
        (r"gpt-[5-9]", "none low medium high xhigh"),
    )
)
"""The first that the name begins with counts."""


def reasons(model: str) -> bool:
    """Whether it takes `max_completion_tokens`, not `max_tokens`, and no sampling parameters."""
    return bool(_REASONS.match(model)) and not only_chats(model)


def only_chats(model: str) -> bool:
    """Whether it takes no level of effort or verbosity."""
    return bool(_CHATS.match(model))


def nearest_effort(model: str, wanted: str) -> str:
    """The level that comes closest among those that the model has; the higher one of two."""
    levels = next((each for pattern, each in _EFFORTS if pattern.match(model)), [])
    if not levels or wanted not in LEVELS:
        return wanted
    place = LEVELS.index(wanted)
    return min(reversed(levels), key=lambda each: abs(LEVELS.index(each) - place))
