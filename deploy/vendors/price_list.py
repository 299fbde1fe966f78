"""The vendors' prices in US dollars, by the names that our prices have, from genai-prices.

Source: https://github.com/pydantic/genai-prices, which names the vendors' pages for each model.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal

from genai_prices.data import providers
from genai_prices.types import ModelInfo, ModelPrice, StartDateConstraint, TieredPrices

STANDARD = "standard"
PROVIDERS = {each.id: each for each in providers}
_KINDS = {
    "input_mtok": "input",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "output_mtok": "output",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "audio_input",
    "cache_audio_read_mtok": "audio_cache_read",
    "output_audio_mtok": "audio_output",
    "input_image_mtok": "image_input",
    "output_image_mtok": "image_output",
}
_TIERS: dict[str, dict[str, str]] = {
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"speed": "fast"},
}
Kinds = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class UsdPrice:
    """US dollars per million tokens by tier, length of the prompt and kind, from a day on.

    `fees` are per 1,000 uses of a hosted tool, `factors` percent by region.
    """

    since: date | None
    rates: Mapping[tuple[str, int], Kinds]
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)


def find(provider: str, model: str) -> ModelInfo | None:
    """The entry of the price list for a vendor's name of a model."""
    return PROVIDERS[provider].find_model(model)


def prices_of(info: ModelInfo, as_of: date) -> list[UsdPrice]:
    """The prices in force on a day, and those that are announced for later ones, in their order."""
    later = sorted(each for each in _start_dates(info) if each > as_of)
    return [_price(info, since or as_of, since) for since in (None, *later)]


def _start_dates(info: ModelInfo) -> set[date]:
    prices = info.prices if isinstance(info.prices, list) else []
    constraints = [each.constraint for each in (*prices, *(info.price_variants or ()))]
    return {each.start_date for each in constraints if isinstance(each, StartDateConstraint)}


def _price(info: ModelInfo, day: date, since: date | None) -> UsdPrice:
    moment = datetime.combine(day, time(12), UTC)
    standard = info.get_prices(moment)
    rates = _steps(STANDARD, standard)
    for tier, context in _TIERS.items():
        if _is_sold(info, context, moment):
            rates |= _steps(tier, info.get_prices(moment, context))
    searches = getattr(standard, "web_searches_kcount", None)
    files = getattr(standard, "storage_searches_kcount", None)
    fees = {"web_search": searches, "file_search": files}
    return UsdPrice(since, rates, {use: fee for use, fee in fees.items() if fee})


def _is_sold(info: ModelInfo, context: Mapping[str, str], moment: datetime) -> bool:
    return any(
        variant.when == context
        and (variant.constraint is None or variant.constraint.active(moment))
        for variant in info.price_variants or ()
    )


def _steps(tier: str, price: ModelPrice) -> dict[tuple[str, int], Kinds]:
    """A vendor's step holds above its threshold, ours from the next token on."""
    named = {kind: getattr(price, name, None) for name, kind in _KINDS.items()}
    starts = {0, *(start + 1 for each in named.values() for start, _ in _tiers(each))}
    return {
        (tier, start): {kind: _at(each, start) for kind, each in named.items() if each is not None}
        for start in sorted(starts)
    }


def _tiers(price: Decimal | TieredPrices | None) -> Iterator[tuple[int, Decimal]]:
    if isinstance(price, TieredPrices):
        yield from ((each.start, each.price) for each in price.tiers)


def _at(price: Decimal | TieredPrices, tokens: int) -> Decimal:
    base = price.base if isinstance(price, TieredPrices) else price
    return next((p for start, p in reversed(list(_tiers(price))) if tokens > start), base)
