"""How much Gemini is to think: a level from the third generation on, before it a number of tokens.

Source: https://ai.google.dev/gemini-api/docs/thinking, "Levels and budgets".
"""

from dataclasses import dataclass, field
from typing import Any

from inference_plane.core import budgets
from inference_plane.core.prompt import Reasoning
from inference_plane.providers.google import families

_BUDGETS = {"minimal": 512, "low": 1_024, "medium": 8_192, "high": 24_576, "xhigh": 32_768}
_LEVELS = ("LOW", "MEDIUM", "HIGH")
BUDGET_MIN = 128
"""The least that 2.5 Pro takes."""


@dataclass(frozen=True, slots=True)
class Thoughts:
    """Fields of `generationConfig`; `unmet`: not what the caller asked for."""

    fields: dict[str, Any] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()


def settings(reasoning: Reasoning | None, model: str, limit: int | None) -> Thoughts:
    """`limit` is the most tokens of thoughts and answer together, if there is one."""
    if reasoning is None:
        return Thoughts()
    if not families.thinks(model):
        return Thoughts(unmet=() if reasoning.is_off else ("reasoning",))
    must_think = reasoning.is_off and families.always_thinks(model)
    wanted = Reasoning(budget=BUDGET_MIN, shown=False) if must_think else reasoning
    own = _level(wanted, limit) if families.has_levels(model) else _budget(wanted, limit)
    return Thoughts({"thinkingConfig": own}, ("reasoning",) * must_think)


def _budget(reasoning: Reasoning, limit: int | None) -> dict[str, Any]:
    if reasoning.is_off:
        return {"thinkingBudget": 0}
    budget = budgets.fitted(reasoning.budget or _BUDGETS.get(reasoning.effort, 0), limit)
    own: dict[str, Any] = {"includeThoughts": reasoning.shown}
    return own | ({"thinkingBudget": budget} if budget else {})


def _level(reasoning: Reasoning, limit: int | None) -> dict[str, Any]:
    """The highest level that is not above the wish, nor what the limit leaves for thoughts."""
    own: dict[str, Any] = {"includeThoughts": reasoning.shown}
    wish = reasoning.budget or _BUDGETS.get(reasoning.effort, 0)
    if not wish:
        return own
    most = budgets.fitted(wish, limit)
    fitting = [level for level in _LEVELS if _BUDGETS[level.lower()] <= most]
    return own | {"thinkingLevel": fitting[-1] if fitting else _LEVELS[0]}
