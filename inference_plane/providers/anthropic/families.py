"""What Claude's generations accept, by the model's name.

Source: https://platform.claude.com/docs/en/about-claude/models/migration-guide (no sampling and no
budgets from Opus 4.7 on, thinking by default from 5 on) and
https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking (adaptive from 4.6 on).
"""

import re

_NO_INSTRUCTIONS = re.compile(
    r"claude-(\d|(sonnet|haiku)-4|sonnet-5(?!-5)|opus-4(-\d{8})?$|opus-4-[0-7](?!\d))"
)
_VERSION = re.compile(r"claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?!\d)")


def _version(model: str) -> tuple[int, int]:
    """(4, 5) for `claude-opus-4-5-20251101`; (0, 0) for a name of another form."""
    found = _VERSION.match(model)
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)


def thinks(model: str) -> bool:
    """Whether it can think at all: from Claude 3.7 on."""
    return not model.startswith("claude-3-") or model.startswith("claude-3-7")


def has_adaptive_thinking(model: str) -> bool:
    """Whether the model itself decides how much to think, by a level of effort."""
    return _version(model) >= (4, 6)


def takes_instructions(model: str) -> bool:
    """Whether it takes messages of the role `system`: Opus from 4.8 on, others from 5 or 5.5 on.

    Source: https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-8,
    "Mid-conversation system messages"; the models without it, docs.rs/gproxy-transform.
    """
    return not _NO_INSTRUCTIONS.match(model)


def takes_sampling(model: str) -> bool:
    """Whether it takes `temperature`, `top_p` or `top_k`."""
    return _version(model) < (4, 7)


def takes_both_samplings(model: str) -> bool:
    """Whether it takes `temperature` and `top_p` together: from 4.1 on it takes one of them.

    Source: https://github.com/open-webui/functions/pull/9, with the vendor's error.
    """
    return _version(model) < (4, 1)


def prefills(model: str) -> bool:
    """Whether it continues a last message of the assistant's; from 4.6 on it refuses one."""
    return _version(model) < (4, 6)


def has_highest_effort(model: str) -> bool:
    """Whether it has the level `xhigh`."""
    return _version(model) >= (4, 7)


def takes_disabled(model: str) -> bool:
    """Whether it takes the word that switches thinking off. Claude 4.7 and 4.8, which do not think
    unless they are told to, are reported to refuse it.

    Source: https://github.com/NousResearch/hermes-agent/issues/11137.
    """
    return thinks(model) and not (4, 7) <= _version(model) < (5, 0)


def thinks_by_default(model: str) -> bool:
    """Whether a request that does not mention thinking gets thoughts."""
    return _version(model) >= (5, 0)
