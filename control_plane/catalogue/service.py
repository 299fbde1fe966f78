"""Models and tiers, and the catalogue snapshot for the inference plane."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from control_plane.catalogue import listing, store
from control_plane.catalogue.new_prices import NewPrice, row_of
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Deprecation, Model, NewModel, Route, Tier
from control_plane.kit.database import Connection, Pool
from shared import catalogue
from shared.errors import ModelNotFound, ValidationFailed


async def list_models(source: Connection | Pool) -> list[Model]:
    """All models that have a price."""
    return await store.list_models(source)


async def list_routes(source: Connection | Pool) -> list[Route]:
    """The routes of all models, including unavailable ones."""
    return await store.list_routes(source)


async def load_model(source: Connection | Pool, model_id: str) -> Model:
    """Raises ModelNotFound."""
    for model in await store.list_models(source):
        if model_id in (model.id, *model.aliases):
            return model
    raise ModelNotFound(f"There is no model {model_id!r}.", param="model")


async def list_tiers(source: Connection | Pool) -> list[Tier]:
    """By rank, the lowest first."""
    return await store.list_tiers(source)


async def check_tier(source: Connection | Pool, tier: str) -> None:
    """Raises ValidationFailed when there is no such tier."""
    known = [each.id for each in await store.list_tiers(source)]
    if tier not in known:
        message = f"must be one of {', '.join(known)}"
        raise ValidationFailed(
            f"The tier {message}.",
            param="tier",
            details={"fields": [{"field": "tier", "message": message}]},
        )


async def add_models(connection: Connection, new: Sequence[NewModel]) -> None:
    """Add models; they are offered once they are priced and available."""
    for each in new:
        await store.add_model(connection, each)


async def add_listed_models(connection: Connection, pricing: Pricing) -> list[str]:
    """Add the models of the shipped catalogue that are missing; returns their ids."""
    entries = {entry["id"]: entry for entry in listing.entries()}
    rows = [listing.model_row(entry) for entry in entries.values()]
    added = await store.add_listed_models(connection, rows)
    await add_prices(
        connection, [price for each in added for price in listing.prices_of(entries[each], pricing)]
    )
    return added


async def add_prices(connection: Connection, new: Sequence[NewPrice]) -> list[str]:
    """Add prices; each holds from its moment on. Returns their ids."""
    return await store.add_prices(connection, [row_of(price) for price in new])


async def withdraw_routes(connection: Connection, routes: Sequence[Route]) -> list[str]:
    """Remove routes; returns the ids of models that became unavailable."""
    found = [await store.withdraw_route(connection, route) for route in routes]
    return [model for model in found if model is not None]


async def set_deprecations(connection: Connection, deprecations: Sequence[Deprecation]) -> None:
    """Record when models are deprecated and shut down."""
    for each in deprecations:
        await store.set_deprecation(connection, each)


async def snapshot(source: Connection | Pool) -> catalogue.Catalogue:
    """The catalogue for the inference plane. Its version is a CRC-32 of its contents."""
    listed = await store.list_models(source)
    models = {model.id: _published(model) for model in listed}
    aliases = {alias: model.id for model in listed for alias in model.aliases}
    version = zlib.crc32(catalogue.encode([models, aliases]))
    return catalogue.Catalogue(catalogue.FORMAT, version, models, aliases)


def _published(model: Model) -> catalogue.Model:
    return catalogue.Model(
        id=model.id,
        price_id=model.price_id,
        input_price=model.input_micro,
        cache_read_price=model.cache_read_micro,
        cache_write_price=model.cache_write_micro,
        output_price=model.output_micro,
        context_length=model.context_length,
        max_output_tokens=model.max_output_tokens,
        rank=model.rank,
        required_tier=model.required_tier,
        available=model.available,
        capabilities=tuple(model.capabilities),
        routes=tuple(_route(route) for route in model.routes),
        deprecated_at_s=_seconds(model.deprecated_at),
        sunset_at_s=_seconds(model.sunset_at),
        replacement_id=model.replacement_id or "",
        long=_long(model),
        rates=_rates(model),
        fees=dict(model.extras.fees),
        factors=dict(model.extras.factors),
    )


def _rates(model: Model) -> tuple[catalogue.Rates, ...]:
    """By tier and step; the rows are in that order."""
    steps: dict[tuple[str, int], dict[str, int]] = {}
    for rate in model.extras.rates:
        steps.setdefault((rate.tier, rate.from_tokens), {})[rate.kind] = rate.micro
    return tuple(
        catalogue.Rates(tier, from_tokens, prices) for (tier, from_tokens), prices in steps.items()
    )


def _long(model: Model) -> catalogue.LongPrompt | None:
    if not model.long_from_tokens:
        return None
    return catalogue.LongPrompt(
        from_tokens=model.long_from_tokens,
        input_price=model.long_input_micro,
        cache_read_price=model.long_cache_read_micro,
        cache_write_price=model.long_cache_write_micro,
        output_price=model.long_output_micro,
    )


def _route(route: Route) -> catalogue.Route:
    return catalogue.Route(
        provider=route.provider,
        upstream_model=route.upstream_model,
        order=route.priority,
        weight=route.weight,
        keys=route.key_group,
    )


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
