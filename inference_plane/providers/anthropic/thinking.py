"""How much Claude is to think: a budget of tokens, or on newer models a level of effort.

Source: https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking, "Extended thinking
with tool use" for what cannot be combined; https://docs.anthropic.com/en/docs/build-with-claude/
adaptive-thinking and https://docs.anthropic.com/en/docs/build-with-claude/effort.
"""

from dataclasses import dataclass
from typing import Any

from inference_plane.core import budgets
from inference_plane.core.prompt import Prompt, Reasoning, Thinking, ToolResult
from inference_plane.providers.anthropic import ORIGIN, families, json_mode

BUDGET_MIN = 1_024
_BUDGETS = {"minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 24_576, "xhigh": 32_768}
_LEVELS = ((1_024, "low"), (8_192, "medium"))
_DISABLED = {"type": "disabled"}


@dataclass(frozen=True, slots=True)
class Thoughts:
    """The fields `thinking` and `output_config.effort`; `unmet`: not what the caller asked for."""

    thinking: dict[str, Any] | None = None
    effort: str = ""
    unmet: tuple[str, ...] = ()

    @property
    def are_on(self) -> bool:
        return self.thinking is not None and self.thinking != _DISABLED


def settings(prompt: Prompt, model: str, limit: int) -> Thoughts:
    """`limit` is the most tokens of thoughts and answer together."""
    reasoning, adaptive = prompt.reasoning, families.has_adaptive_thinking(model)
    if reasoning is not None and reasoning.is_off:
        return Thoughts(_DISABLED if families.takes_disabled(model) else None)
    by_default = _DISABLED if families.thinks_by_default(model) else None
    if reasoning is None:
        return Thoughts(by_default if forces_a_tool(prompt) else None)
    if not families.thinks(model) or forces_a_tool(prompt):
        return Thoughts(by_default, unmet=("reasoning",))
    if adaptive:
        return Thoughts(_adaptive(reasoning), _effort(reasoning, model))
    budget = budgets.fitted(reasoning.budget or _BUDGETS.get(reasoning.effort, 8_192), limit)
    if budget < BUDGET_MIN or _lost_thoughts(prompt):
        return Thoughts(unmet=("reasoning",))
    return Thoughts({"type": "enabled", "budget_tokens": budget})


def within(thinking: Any, limit: int) -> dict[str, Any]:
    """The field of a caller's own body whose limit was lowered; empty where it fits.

    A budget must be below the limit, and at least 1,024: with less there are no thoughts.
    """
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    if not isinstance(budget, int) or budget < limit:
        return {}
    fitted = budgets.fitted(budget, limit)
    return {"thinking": thinking | {"budget_tokens": fitted} if fitted >= BUDGET_MIN else _DISABLED}


def forces_a_tool(prompt: Prompt) -> bool:
    """Anthropic refuses thoughts before a tool that must be called."""
    choice = prompt.tool_choice.mode if prompt.tool_choice and prompt.tools else ""
    return choice in ("required", "named") or json_mode.applies_to(prompt)


def _adaptive(reasoning: Reasoning) -> dict[str, Any]:
    return {"type": "adaptive", "display": "summarized" if reasoning.shown else "omitted"}


def _effort(reasoning: Reasoning, model: str) -> str:
    if reasoning.budget:
        return next((level for most, level in _LEVELS if reasoning.budget <= most), "high")
    if reasoning.effort == "xhigh" and not families.has_highest_effort(model):
        return "high"
    return "low" if reasoning.effort == "minimal" else reasoning.effort


def _lost_thoughts(prompt: Prompt) -> bool:
    """Whether tool results follow a turn whose thoughts did not come back, or are another vendor's.

    Many clients drop thoughts. Anthropic refuses such a turn with a budget of thoughts.
    """
    if not prompt.turns or not any(isinstance(p, ToolResult) for p in prompt.turns[-1].parts):
        return False
    turn = next((each for each in reversed(prompt.turns) if each.role == "assistant"), None)
    own = turn.parts if turn else ()
    return not any(isinstance(part, Thinking) and part.origin == ORIGIN for part in own)
