"""Writes the shipped catalogue, `control_plane/catalogue/vendor_models.json`.

`python -m deploy.vendors.catalogue` combines `models.toml` with the price list and the names of
models that the vendors' SDKs know. A test compares the file with what this makes of the installed
versions, for the day that the file names.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from anthropic.types.model import Model as AnthropicModel
from genai_prices.types import ClauseEquals, ClauseOr, ModelInfo
from openai.types.shared.all_models import AllModels

from deploy.vendors import price_list
from deploy.vendors.surcharges import with_surcharges

FILE = Path(__file__).parents[2] / "control_plane" / "catalogue" / "vendor_models.json"
_OWN = Path(__file__).with_name("models.toml")
_ALIAS = re.compile(r"[a-z0-9.-]+-(\d{4}-\d{2}-\d{2}|20\d{6}|latest|preview)")
_OTHER_PRODUCTS = ("search-preview",)
"""Parts of names whose models cost more than their tokens."""

_MILLION = 1_000_000
LONG_CONTEXT = 400_000
FREE_USD, PRO_USD = Decimal(5), Decimal(30)
"""Up to so much per million output tokens, a model is in the free tier, or in pro."""

Entry = dict[str, Any]


def build(as_of: date) -> Entry:
    """The catalogue with the prices of that day, and those announced for later ones."""
    own = tomllib.loads(_OWN.read_text())
    names = {name for models in own.values() for name in models}
    entries = [
        _entry(provider, name, fields, names, as_of)
        for provider, models in own.items()
        for name, fields in models.items()
    ]
    return {"as_of": as_of.isoformat(), "models": entries}


def price_entries(provider: str, name: str, as_of: date) -> list[Entry]:
    """The prices of a vendor's model as the file has them; none for a model without a price."""
    info = price_list.find(provider, name) if provider in price_list.PROVIDERS else None
    if info is None:
        return []
    fields = tomllib.loads(_OWN.read_text()).get(provider, {}).get(name, {})
    prices = price_list.prices_of(info, as_of)
    return [_price(with_surcharges(provider, name, fields, each)) for each in prices]


def _entry(
    provider: str, name: str, fields: Mapping[str, Any], names: set[str], as_of: date
) -> Entry:
    info = price_list.find(provider, name)
    if info is None:
        raise LookupError(f"the price list has no {name}")
    prices = [
        with_surcharges(provider, name, fields, each) for each in price_list.prices_of(info, as_of)
    ]
    context, more = (
        int(fields.get("context") or info.context_window or 0),
        fields.get("aliases", []),
    )
    dearest = max(each.rates[price_list.STANDARD, 0].get("output", Decimal(0)) for each in prices)
    sunset = fields.get("sunset")
    return {
        "id": name,
        "provider": provider,
        "name": info.name if info.id == name and info.name else name,
        "context_length": context,
        "max_output_tokens": fields["output"],
        "capabilities": _capabilities(fields, context),
        "required_tier": _tier(dearest),
        "aliases": sorted({*_aliases(provider, name, info, names, context), *more}),
        "sunset_at": sunset.isoformat() if sunset else None,
        "replacement_id": fields.get("replacement"),
        "prices": [_price(each) for each in prices],
    }


def _capabilities(fields: Mapping[str, Any], context: int) -> list[str]:
    if not fields["output"]:
        return ["embedding"]
    seen = ["vision"] if fields.get("sees", True) else []
    long = ["long_context"] if context > LONG_CONTEXT else []
    return ["text", *seen, "function_calling", "code", *long]


def _tier(output: Decimal) -> str:
    if output <= FREE_USD:
        return "free"
    return "pro" if output <= PRO_USD else "enterprise"


def _aliases(
    provider: str, name: str, info: ModelInfo, names: set[str], context: int
) -> Iterator[str]:
    """Dated and `-latest` names; and what Claude Code calls a model with its whole context."""
    if provider == "anthropic" and context >= _MILLION:
        yield f"{name}[1m]"
    for known in {*_sdk_names(provider), *_listed(info)} - names:
        is_latest = provider == "google" and known.endswith("-latest")
        if (
            price_list.find(provider, known) is info
            and _ALIAS.fullmatch(known)
            and _stem(known, names) == ("" if is_latest and info.id == name else name)
            and not any(word in known for word in _OTHER_PRODUCTS)
        ):
            yield known


def _stem(alias: str, names: set[str]) -> str:
    """The longest name of a model that this begins with; empty if it begins with none."""
    return max((name for name in names if alias.startswith(f"{name}-")), key=len, default="")


def _sdk_names(provider: str) -> set[str]:
    unions = {"openai": AllModels, "anthropic": AnthropicModel}
    return set(_literals(unions.get(provider)))


def _literals(kind: Any) -> Iterator[str]:
    for each in get_args(kind):
        if isinstance(each, str):
            yield each
        else:
            yield from _literals(each)


def _listed(info: ModelInfo) -> set[str]:
    clauses = info.match.or_ if isinstance(info.match, ClauseOr) else [info.match]
    return {each.equals for each in clauses if isinstance(each, ClauseEquals)}


def _price(price: price_list.UsdPrice) -> Entry:
    return {
        "since": price.since.isoformat() if price.since else None,
        "rates": [
            {"tier": tier, "from_tokens": start, "usd": _amounts(kinds)}
            for (tier, start), kinds in price.rates.items()
        ],
        "fees": _amounts(price.fees),
        "factors": dict(price.factors),
    }


def _amounts(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{value.normalize():f}" for name, value in values.items()}


def write(entries: Entry) -> str:
    """The file's text."""
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(write(build(datetime.now(UTC).date())))
