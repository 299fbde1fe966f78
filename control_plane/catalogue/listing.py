"""The shipped catalogue: the vendors' models of the day of its making, with their prices.

It is generated, see `deploy/vendors/catalogue.py`. A model that a deployment has already is left as
it is; the prices of new ones become credits by the deployment's own settings.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from importlib.resources import files
from typing import Any

from control_plane.catalogue.new_prices import NewPrice
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Rate

_FILE = "vendor_models.json"
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""When a price begins that was in force already."""

_COLUMNS = (
    "id",
    "provider",
    "name",
    "capabilities",
    "context_length",
    "max_output_tokens",
    "required_tier",
    "aliases",
    "replacement_id",
    "place",
)

Entry = Mapping[str, Any]


def entries() -> list[Entry]:
    """The models of the file."""
    listed = json.loads((files("control_plane.catalogue") / _FILE).read_text())["models"]
    return [entry | {"place": place} for place, entry in enumerate(listed)]


def model_row(entry: Entry) -> dict[str, Any]:
    """The model as a row for `listing.sql`. The vendor's own price is in cents."""
    usd = entry["prices"][0]["rates"][0]["usd"]
    sunset = entry["sunset_at"]
    return {
        **{name: entry[name] for name in _COLUMNS},
        "upstream": entry["id"],
        "input_cents": _cents(usd["input"]),
        "output_cents": _cents(usd["output"]),
        "available": True,
        "sunset_at": f"{sunset}T00:00:00Z" if sunset else None,
    }


def prices_of(entry: Entry, pricing: Pricing) -> list[NewPrice]:
    """Its prices in credits, those announced for later days, too."""
    return [price_of(entry["id"], each, pricing) for each in entry["prices"]]


def price_of(
    model_id: str, price: Entry, pricing: Pricing, margin_percent: int | None = None
) -> NewPrice:
    """A price in dollars, as the file has it, in credits."""

    def micro(usd: str) -> int:
        return pricing.micro(Decimal(usd), margin_percent)

    since = price["since"]
    return NewPrice(
        model_id,
        datetime.fromisoformat(since).replace(tzinfo=UTC) if since else _FIRST,
        tuple(_rates(price["rates"], micro)),
        {use: micro(usd) for use, usd in price["fees"].items()},
        price["factors"],
    )


def _rates(steps: Iterable[Entry], micro: Any) -> Iterable[Rate]:
    for step in steps:
        for kind, usd in step["usd"].items():
            yield Rate(step["tier"], step["from_tokens"], kind, micro(usd))


def _cents(usd: str) -> int:
    return int((Decimal(usd) * 100).to_integral_value(ROUND_CEILING))
