"""Rules that differ between model generations.

The generation is read from the model's name; an unknown name counts as an older, permissive one.
Source: Anthropic API guide,
https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking. Source of the words: errors
as users quote them, such as https://github.com/langfuse/langfuse/issues/9882.
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
_REGIONAL = _ADAPTIVE
_FAST = re.compile(r"claude-(opus-(4-[6-9]|[5-9])|fable|mythos)")
_ONE_SAMPLING = re.compile(r"claude-(opus-4-[1-6]|(sonnet|haiku)-4-[5-9])")
_LIMITS = {"claude-3-5": 8_192, "claude-3.5": 8_192, "claude-3-": 4_096, "": 128_000}


def is_newest(model: str) -> bool:
    """Whether this model reports stop details and thinking tokens."""
    return bool(_ADAPTIVE_ONLY.match(model))


def region_of(parsed: MessageRequest) -> str:
    """Where it was served: older models know no regions.

    Source: https://platform.claude.com/docs/en/manage-claude/data-residency.
    """
    if not _REGIONAL.match(parsed.model):
        return "not_available"
    return parsed.inference_geo or "global"


def _check_options(parsed: MessageRequest) -> None:
    """Regions and speeds. Source: https://platform.claude.com/docs/en/build-with-claude/fast-mode."""
    if parsed.inference_geo is not None and not _REGIONAL.match(parsed.model):
        raise invalid("inference_geo: this model does not support data residency")
    if parsed.inference_geo not in (None, "global", "us"):
        raise invalid("inference_geo: Input should be 'global' or 'us'")
    if parsed.speed == "fast" and not _FAST.match(parsed.model):
        raise invalid("speed: fast mode is not supported on this model")


def check_generation(parsed: MessageRequest) -> None:
    """Raises `Refusal` for parameters that this model rejects."""
    limit = next(most for name, most in _LIMITS.items() if parsed.model.startswith(name))
    if parsed.max_tokens > limit:
        raise invalid(
            f"max_tokens: {parsed.max_tokens} > {limit}, which is the maximum allowed number of "
            f"output tokens for {parsed.model}"
        )
    _check_sampling(parsed)
    _check_options(parsed)
    if isinstance(parsed.thinking, ThinkingEnabled) and _ADAPTIVE_ONLY.match(parsed.model):
        raise invalid(
            '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" '
            'and "output_config.effort" to control thinking behavior.'
        )
    if isinstance(parsed.thinking, ThinkingAdaptive) and not _ADAPTIVE.match(parsed.model):
        raise invalid("adaptive thinking is not supported on this model")
    if parsed.messages[-1].role == "assistant" and _ADAPTIVE.match(parsed.model):
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end with "
            "a user message."
        )


def _check_sampling(parsed: MessageRequest) -> None:
    if _ADAPTIVE_ONLY.match(parsed.model):
        for name in ("temperature", "top_p", "top_k"):
            if getattr(parsed, name) not in (None, 1):
                raise invalid(f"`{name}` is deprecated for this model.")
    both = parsed.temperature is not None and parsed.top_p is not None
    if both and _ONE_SAMPLING.match(parsed.model):
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )
