"""What a model costs beside the tokens of its standard tier, in credits, as the API shows it."""

from typing import Any

from control_plane.catalogue.records import Model
from shared.credits import PARTS
from shared.credits import public as credit_number

_STANDARD = "standard"


def service_tiers(model: Model) -> dict[str, dict[str, Any]]:
    """By tier: credits per million tokens of each kind, and the steps for longer prompts."""
    tiers: dict[str, dict[str, Any]] = {}
    for rate in model.extras.rates:
        if rate.tier != _STANDARD:
            found = tiers.setdefault(rate.tier, {})
            if rate.from_tokens:
                found = _step(found, rate.from_tokens)
            found[rate.kind] = credit_number(rate.micro)
    return tiers


def token_kinds(model: Model) -> dict[str, int | float]:
    """Credits per million tokens of the kinds that have a price of their own."""
    return {
        rate.kind: credit_number(rate.micro)
        for rate in model.extras.rates
        if rate.tier == _STANDARD and not rate.from_tokens and rate.kind in PARTS
    }


def _step(tier: dict[str, Any], from_tokens: int) -> dict[str, Any]:
    """The prices of a longer prompt; the rows come in ascending order."""
    steps: list[dict[str, Any]] = tier.setdefault("long_prompt", [])
    if not steps or steps[-1]["from_tokens"] != from_tokens:
        steps.append({"from_tokens": from_tokens})
    return steps[-1]
