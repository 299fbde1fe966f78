"""Compares the catalogue's prices with the vendors', by the deployment's margin."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from control_plane.catalogue import listing
from control_plane.catalogue.new_prices import NewPrice, rates_of
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Model
from deploy.vendors import catalogue

Amounts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """`new` is to be added; `amounts` are what differs, old and new, 0 for none, by its name.

    `scheduled`: it begins on a later day.
    """

    new: NewPrice
    amounts: dict[str, tuple[int, int]]
    scheduled: bool


def compare(
    models: Iterable[Model],
    pricing: Pricing,
    moment: datetime,
    known: Collection[tuple[str, datetime]],
) -> Iterator[Change]:
    """What has changed since the last price of each model. `known` are prices of later days."""
    for model in models:
        for entry in catalogue.price_entries(model.provider, _upstream(model), moment.date()):
            new = listing.price_of(model.id, entry, pricing, model.margin_percent)
            scheduled = new.effective_at > moment
            if scheduled and (model.id, new.effective_at) in known:
                continue
            amounts = dict(_differences(_amounts_of(model), _amounts(new)))
            if amounts:
                yield Change(new, amounts, scheduled)


def is_flat(model: Model) -> bool:
    """Whether every token costs the same: an operator's own choice, which no vendor makes."""
    kinds = {rate.micro for rate in rates_of(model)}
    return len(kinds) == 1 and not model.extras.rates


def _upstream(model: Model) -> str:
    return model.routes[0].upstream_model if model.routes else model.id


def _amounts_of(model: Model) -> Amounts:
    extras = model.extras
    return _amounts(
        NewPrice(model.id, model.updated_at, rates_of(model), extras.fees, extras.factors)
    )


def _amounts(price: NewPrice) -> Amounts:
    """Every amount by its name, as `headrace models price` has it; factors in percent."""
    named = {
        f"{rate.tier}.{rate.kind}"
        + (f"@{rate.from_tokens}" if rate.from_tokens else ""): rate.micro
        for rate in price.rates
        if rate.micro
    }
    named |= {f"fee {use}": fee for use, fee in price.fees.items()}
    return named | {f"region {region}": percent for region, percent in price.factors.items()}


def _differences(old: Amounts, new: Amounts) -> Iterator[tuple[str, tuple[int, int]]]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, (old.get(name, 0), new.get(name, 0))
