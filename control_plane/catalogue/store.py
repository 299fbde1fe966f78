"""The catalogue in PostgreSQL: small tables that are read completely."""

import json
from datetime import datetime
from typing import Any

from control_plane.catalogue.records import (
    Deprecation,
    Extras,
    Model,
    ModelChange,
    NewModel,
    Rate,
    Route,
    Tier,
)
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.catalogue")
_LIST_TIERS, _LIST_MODELS = _SQL["list_tiers"], _SQL["list_models"]
_LIST_ROUTES = _SQL["list_routes"]
_LIST_RATES, _LIST_FEES, _LIST_FACTORS = (
    _SQL["list_rates"],
    _SQL["list_fees"],
    _SQL["list_factors"],
)
_LISTING = queries.load("control_plane.catalogue", "listing.sql")
_ADD_LISTED, _ADD_LINKS = _LISTING["add_models"], _LISTING["add_model_links"]
_ADD_PRICES, _LIST_SCHEDULED = _LISTING["add_prices"], _LISTING["list_scheduled"]
_ADD_MODEL, _ADD_ROUTE = _SQL["add_model"], _SQL["add_route"]
_DESCRIBE, _ADD_ALIAS = _SQL["describe_model"], _SQL["add_alias"]
_IS_SOLD, _HAS_MODEL = _SQL["is_sold"], _SQL["has_model"]
_WITHDRAW_ROUTE, _SET_DEPRECATION = _SQL["withdraw_route"], _SQL["set_deprecation"]


async def list_tiers(source: Connection | Pool) -> list[Tier]:
    """All tiers, ordered by rank."""
    return [Tier(**row) for row in await source.fetch(_LIST_TIERS)]


async def list_models(source: Connection | Pool) -> list[Model]:
    """All models with a current price, in display order."""
    routes: dict[str, list[Route]] = {}
    for route in await list_routes(source):
        routes.setdefault(route.model_id, []).append(route)
    rows = await source.fetch(_LIST_MODELS)
    extras = await _load_extras(source, [row["price_id"] for row in rows])
    return [
        Model(**row, routes=routes.get(row["id"], []), extras=extras[row["price_id"]])
        for row in rows
    ]


async def _load_extras(source: Connection | Pool, price_ids: list[str]) -> dict[str, Extras]:
    """What each of these prices has beside the standard tier's tokens."""
    rates: dict[str, list[Rate]] = {each: [] for each in price_ids}
    fees: dict[str, dict[str, int]] = {each: {} for each in price_ids}
    factors: dict[str, dict[str, int]] = {each: {} for each in price_ids}
    for row in await source.fetch(_LIST_RATES, price_ids):
        rate = Rate(row["tier"], row["from_tokens"], row["kind"], row["micro"])
        rates[row["price_id"]].append(rate)
    for row in await source.fetch(_LIST_FEES, price_ids):
        fees[row["price_id"]][row["use"]] = row["micro_per_1k"]
    for row in await source.fetch(_LIST_FACTORS, price_ids):
        factors[row["price_id"]][row["region"]] = row["percent"]
    return {each: Extras(tuple(rates[each]), fees[each], factors[each]) for each in price_ids}


async def list_routes(source: Connection | Pool) -> list[Route]:
    """The routes of all models, in the order in which they are tried."""
    return [Route(**row) for row in await source.fetch(_LIST_ROUTES)]


async def add_model(connection: Connection, new: NewModel) -> None:
    """Insert a model and its route; existing rows are left unchanged."""
    await connection.execute(
        _ADD_MODEL, new.id, new.owned_by, new.name, new.context_length, new.max_output_tokens
    )
    await add_route(connection, new.route)


async def add_listed_models(connection: Connection, rows: list[dict[str, Any]]) -> list[str]:
    """Insert models with routes and aliases; returns the ids of those that were not there."""
    found = await connection.fetch(_ADD_LISTED, json.dumps(rows))
    added = [row["id"] for row in found]
    new = [row for row in rows if row["id"] in added]
    await connection.execute(_ADD_LINKS, json.dumps(new))
    return added


async def list_scheduled(source: Connection | Pool) -> set[tuple[str, datetime]]:
    """The models and moments of prices that are not in force yet."""
    rows = await source.fetch(_LIST_SCHEDULED)
    return {(row["model_id"], row["effective_at"]) for row in rows}


async def add_prices(connection: Connection, rows: list[dict[str, Any]]) -> list[str]:
    """Insert prices with their rates, fees and factors; returns their ids."""
    return [row["id"] for row in await connection.fetch(_ADD_PRICES, json.dumps(rows))]


async def add_route(connection: Connection, route: Route) -> None:
    """Insert a route after those that the model has; one that exists is left unchanged."""
    await connection.execute(
        _ADD_ROUTE,
        route.model_id,
        route.provider,
        route.upstream_model,
        route.priority,
        route.weight,
        route.key_group,
    )


async def change_model(connection: Connection, change: ModelChange) -> bool:
    """Whether there is such a model."""
    found = await connection.fetchval(
        _DESCRIBE,
        change.model_id,
        change.required_tier,
        change.available,
        change.capabilities,
        change.replacement_id,
        change.margin_percent,
    )
    return found is not None


async def add_alias(connection: Connection, alias: str, model_id: str) -> None:
    """Another name of a model."""
    await connection.execute(_ADD_ALIAS, alias, model_id)


async def is_sold(source: Connection | Pool, model_id: str) -> bool:
    """Whether a model has a price in force and a route."""
    return bool(await source.fetchval(_IS_SOLD, model_id))


async def has_model(source: Connection | Pool, model_id: str) -> bool:
    """Also one that has no price."""
    return bool(await source.fetchval(_HAS_MODEL, model_id))


async def withdraw_route(connection: Connection, route: Route) -> str | None:
    """Delete a route; returns the model's id if it became unavailable."""
    found: str | None = await connection.fetchval(
        _WITHDRAW_ROUTE, route.model_id, route.provider, route.upstream_model
    )
    return found


async def set_deprecation(connection: Connection, deprecation: Deprecation) -> None:
    await connection.execute(
        _SET_DEPRECATION, deprecation.model_id, deprecation.deprecated_at, deprecation.sunset_at
    )
