"""What only some models refuse: the vendor took away and gave with each generation.

Read from a model's name; a name nobody knows is taken for an older model, which allows most.
"""

import re

from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.requests import (
    MessageRequest,
    ThinkingAdaptive,
    ThinkingEnabled,
)

_NEWEST = r"(opus|sonnet|haiku|fable|mythos)-[5-9]"
_ADAPTIVE_ONLY = re.compile(rf"claude-(opus-4-[7-9]|{_NEWEST})")
_ADAPTIVE = re.compile(rf"claude-((opus|sonnet)-4-[6-9]|{_NEWEST})")
_ONE_SAMPLING = re.compile(r"claude-(opus-4-[1-6]|(sonnet|haiku)-4-[5-9])")
_LIMITS = {"claude-3-5": 8_192, "claude-3.5": 8_192, "claude-3-": 4_096, "": 128_000}


def is_newest(model: str) -> bool:
    """Whether a model of this name tells more of itself: why it stopped, how much it thought."""
    return bool(_ADAPTIVE_ONLY.match(model))


def check_generation(asked: MessageRequest) -> None:
    """Raises `Refusal` for what a model of this name does not take."""
    limit = next(most for name, most in _LIMITS.items() if asked.model.startswith(name))
    if asked.max_tokens > limit:
        raise invalid(
            f"max_tokens: {asked.max_tokens} > {limit}, which is the maximum allowed number of "
            f"output tokens for {asked.model}"
        )
    _check_sampling(asked)
    if isinstance(asked.thinking, ThinkingEnabled) and _ADAPTIVE_ONLY.match(asked.model):
        raise invalid(
            '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" '
            'and "output_config.effort" to control thinking behavior.'
        )
    if isinstance(asked.thinking, ThinkingAdaptive) and not _ADAPTIVE.match(asked.model):
        raise invalid("adaptive thinking is not supported on this model")
    if asked.messages[-1].role == "assistant" and _ADAPTIVE.match(asked.model):
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end with "
            "a user message."
        )


def _check_sampling(asked: MessageRequest) -> None:
    if _ADAPTIVE_ONLY.match(asked.model):
        for name in ("temperature", "top_p", "top_k"):
            if getattr(asked, name) not in (None, 1):
                raise invalid(f"`{name}` is deprecated for this model.")
    both = asked.temperature is not None and asked.top_p is not None
    if both and _ONE_SAMPLING.match(asked.model):
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )
