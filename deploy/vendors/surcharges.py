"""What the vendors charge beside the price list: containers, regions, tiers by a factor, audio.

Sources: https://platform.openai.com/docs/pricing, "Built-in tools";
https://docs.anthropic.com/en/docs/about-claude/pricing, "Code execution tool" and "Data residency
pricing"; https://ai.google.dev/gemini-api/docs/pricing.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from deploy.vendors.price_list import STANDARD, Kinds, UsdPrice

_REASONS = ("gpt-5", "gpt-6", "o")
_PREVIEW_SEARCH = {True: Decimal(10), False: Decimal(25)}
"""Per 1,000 searches of the older kind, by whether the model reasons."""

_SEARCHES = {"web_search": Decimal(10), "file_search": Decimal("2.5")}
"""OpenAI's, per 1,000 uses."""

_WITHOUT_TOOLS = ("gpt-audio", "text-embedding")

_CONTAINERS = {
    "code_execution": Decimal(30),
    "code_execution_4g": Decimal(120),
    "code_execution_16g": Decimal(480),
    "code_execution_64g": Decimal(1_920),
}
"""OpenAI's, per 1,000 sessions of 20 minutes."""

_CONTAINER_HOUR = Decimal(50)
"""Anthropic's, per 1,000 hours. An answer counts as an hour, which none exceeds."""

US_PERCENT = 110
FLEX, PRIORITY = Decimal("0.5"), Decimal("1.8")


def with_surcharges(
    provider: str, name: str, fields: Mapping[str, Any], price: UsdPrice
) -> UsdPrice:
    """The price with what its vendor charges besides, and with a price for every kind it bills."""
    rates = {step: _complete(provider, kinds) for step, kinds in price.rates.items()}
    if fields.get("half"):
        rates |= _by_factor(rates)
    fees = _fees(provider, name, price.fees) if not fields.get("no_search") else {}
    factors = {"us": US_PERCENT} if fields.get("regional") else {}
    return replace(price, rates=rates, fees=fees, factors=factors)


def _complete(provider: str, kinds: Kinds) -> Kinds:
    """What is not cached apart costs what it does otherwise. Google bills audio as text, unless it
    has a price.
    """
    found = {"cache_read": kinds["input"], "cache_write": kinds["input"], "output": Decimal(0)}
    found |= kinds
    if provider == "google":
        found.setdefault("audio_input", found["input"])
        heard = kinds.get("audio_input", found["cache_read"])
        found.setdefault("audio_cache_read", heard)
    return found


def _by_factor(rates: Mapping[tuple[str, int], Kinds]) -> dict[tuple[str, int], Kinds]:
    return {
        (tier, start): {kind: usd * factor for kind, usd in kinds.items()}
        for tier, factor in (("flex", FLEX), ("priority", PRIORITY))
        for (of, start), kinds in rates.items()
        if of == STANDARD
    }


def _fees(provider: str, name: str, fees: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Models before Gemini 3 bill each grounded prompt, not each search. OpenAI's searches cost the
    same for every model that has them, also for those that the price list leaves out.
    """
    if provider == "openai" and not name.startswith(_WITHOUT_TOOLS):
        fees = {**_SEARCHES, **fees}
    if not fees:
        return {}
    if provider == "google":
        use = "grounded_prompt" if name.startswith("gemini-2") else "web_search"
        return {use: fees["web_search"]}
    if provider == "anthropic":
        return {**fees, "code_execution": _CONTAINER_HOUR}
    preview = _PREVIEW_SEARCH[name.startswith(_REASONS)]
    return {**fees, "web_search_preview": preview, **_CONTAINERS}
