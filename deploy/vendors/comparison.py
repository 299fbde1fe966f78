"""Compares the catalogue with the vendors' models: what is missing, what is retired."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from control_plane.catalogue.records import Model, Route
from deploy.vendors.offers import KeyResult, Offer


@dataclass(frozen=True, slots=True)
class Retirement:
    """A model of the catalogue whose vendor has announced its shutdown."""

    model: str
    deprecated_at: datetime | None
    sunset_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`missing`: models without a route. `retired`: routes that no key can call."""

    missing: list[Offer] = field(default_factory=list)
    retired: list[Route] = field(default_factory=list)
    retiring: list[Retirement] = field(default_factory=list)


def compare(
    models: Iterable[Model], routes: Iterable[Route], results: Iterable[KeyResult]
) -> Comparison:
    """Compares only vendors that responded: no response does not mean that models are retired.

    `routes` are those of all models, including models that are not offered yet.
    """
    responded = [result for result in results if not result.error]
    offers = {(each.provider, each.model): each for result in responded for each in result.offers}
    vendors = {result.provider for result in responded}
    checked = [route for route in routes if route.provider in vendors]
    named = {(route.provider, route.upstream_model) for route in checked}
    return Comparison(
        missing=[offer for place, offer in sorted(offers.items()) if place not in named],
        retired=[r for r in checked if (r.provider, r.upstream_model) not in offers],
        retiring=[each for model in models if (each := _retirement(model, offers)) is not None],
    )


def _retirement(model: Model, offers: dict[tuple[str, str], Offer]) -> Retirement | None:
    """A model ends when its last route does."""
    of_routes = [offers.get((route.provider, route.upstream_model)) for route in model.routes]
    ends = [offer.shutdown_at for offer in of_routes if offer and offer.shutdown_at]
    if not ends or len(ends) < len(of_routes) or max(ends) == model.sunset_at:
        return None
    announced = [offer.deprecated_at for offer in of_routes if offer and offer.deprecated_at]
    return Retirement(model.id, min(announced) if announced else None, max(ends))
