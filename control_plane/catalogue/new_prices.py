"""A price to add, as a row for `listing.sql`.

The standard tier's tokens, and its first step for longer prompts, are columns of `prices`, which
every version reads; everything else is in tables of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from control_plane.catalogue.records import Model, Rate
from shared.credits import BASE_KINDS

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class NewPrice:
    """Prices of a model from a moment on. `rates` are those of all tiers, also of the standard one.

    `fees` are micro-credits per 1,000 uses, `factors` percent by region.
    """

    model_id: str
    effective_at: datetime
    rates: tuple[Rate, ...]
    fees: Mapping[str, int] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)


def rates_of(model: Model) -> tuple[Rate, ...]:
    """All rates of the price that is in force."""
    found = [Rate(STANDARD, 0, kind, getattr(model, f"{kind}_micro")) for kind in BASE_KINDS]
    if model.long_from_tokens:
        found += [
            Rate(STANDARD, model.long_from_tokens, kind, getattr(model, f"long_{kind}_micro"))
            for kind in BASE_KINDS
        ]
    return (*found, *model.extras.rates)


def row_of(price: NewPrice) -> dict[str, Any]:
    """The price as JSON: its columns, and its rates, fees and factors."""
    by_step: dict[tuple[str, int], dict[str, int]] = {}
    for rate in price.rates:
        by_step.setdefault((rate.tier, rate.from_tokens), {})[rate.kind] = rate.micro
    base = by_step[STANDARD, 0]
    long_from = min((start for tier, start in by_step if tier == STANDARD and start), default=0)
    long = base | by_step.get((STANDARD, long_from), {}) if long_from else {}
    columns = {(STANDARD, 0), (STANDARD, long_from)}
    return {
        "model_id": price.model_id,
        "effective_at": price.effective_at.isoformat(),
        **{f"{kind}_micro": base.get(kind, 0) for kind in BASE_KINDS},
        "per_1k_tokens_micro": -(-max(base.get("output", 0), base.get("input", 0)) // 1_000),
        "long_from_tokens": long_from,
        **{f"long_{kind}_micro": long.get(kind, 0) for kind in BASE_KINDS},
        "rates": [
            {"tier": r.tier, "from_tokens": r.from_tokens, "kind": r.kind, "micro": r.micro}
            for r in price.rates
            if r.micro and not (r.kind in BASE_KINDS and (r.tier, r.from_tokens) in columns)
        ],
        "fees": dict(price.fees),
        "factors": dict(price.factors),
    }
