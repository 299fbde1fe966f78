"""The catalogue beside what the vendors offer: what it lacks, what it names that is gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from control_plane.catalogue.records import Model, Route
from deploy.vendors.offers import Answer, Offer


@dataclass(frozen=True, slots=True)
class Leaving:
    """A model of the catalogue whose vendor has said when it ends."""

    model: str
    deprecated_at: datetime | None
    sunset_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`lacking` are offers no route names; `gone` are routes no key can call."""

    lacking: list[Offer] = field(default_factory=list)
    gone: list[Route] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)


def compare(
    models: Iterable[Model], routes: Iterable[Route], answers: Iterable[Answer]
) -> Comparison:
    """Only of vendors that have answered: who says nothing has not retired anything.

    `routes` are those of all models, also of such as are not offered yet.
    """
    heard = [answer for answer in answers if not answer.error]
    offers = {(each.provider, each.model): each for answer in heard for each in answer.offers}
    vendors = {answer.provider for answer in heard}
    asked = [route for route in routes if route.provider in vendors]
    named = {(route.provider, route.upstream_model) for route in asked}
    return Comparison(
        lacking=[offer for place, offer in sorted(offers.items()) if place not in named],
        gone=[r for r in asked if (r.provider, r.upstream_model) not in offers],
        leaving=[each for model in models if (each := _leaving(model, offers)) is not None],
    )


def _leaving(model: Model, offers: dict[tuple[str, str], Offer]) -> Leaving | None:
    """A model goes when the last of its routes does."""
    of_routes = [offers.get((route.provider, route.upstream_model)) for route in model.routes]
    ends = [offer.shutdown_at for offer in of_routes if offer and offer.shutdown_at]
    if not ends or len(ends) < len(of_routes) or max(ends) == model.sunset_at:
        return None
    told = [offer.deprecated_at for offer in of_routes if offer and offer.deprecated_at]
    return Leaving(model.id, min(told) if told else None, max(ends))
