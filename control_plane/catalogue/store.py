"""The catalogue in PostgreSQL: small tables, read whole."""

from control_plane.catalogue.records import Model, Route, Tier
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.catalogue")
_LIST_TIERS, _LIST_MODELS = _SQL["list_tiers"], _SQL["list_models"]
_LIST_ROUTES = _SQL["list_routes"]


async def list_tiers(source: Connection | Pool) -> list[Tier]:
    """By rank."""
    return [Tier(**row) for row in await source.fetch(_LIST_TIERS)]


async def list_models(source: Connection | Pool) -> list[Model]:
    """Every model that has a price in force, in the order of the price list."""
    routes: dict[str, list[Route]] = {}
    for row in await source.fetch(_LIST_ROUTES):
        routes.setdefault(row["model_id"], []).append(Route(**row))
    rows = await source.fetch(_LIST_MODELS)
    return [Model(**row, routes=routes.get(row["id"], [])) for row in rows]
