"""The catalogue in PostgreSQL: small tables, read whole."""

from control_plane.catalogue.records import Deprecation, Model, NewModel, Route, Tier
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.catalogue")
_LIST_TIERS, _LIST_MODELS = _SQL["list_tiers"], _SQL["list_models"]
_LIST_ROUTES = _SQL["list_routes"]
_ADD_MODEL, _ADD_ROUTE = _SQL["add_model"], _SQL["add_route"]
_WITHDRAW_ROUTE, _SET_DEPRECATION = _SQL["withdraw_route"], _SQL["set_deprecation"]


async def list_tiers(source: Connection | Pool) -> list[Tier]:
    """By rank."""
    return [Tier(**row) for row in await source.fetch(_LIST_TIERS)]


async def list_models(source: Connection | Pool) -> list[Model]:
    """Every model that has a price in force, in the order of the price list."""
    routes: dict[str, list[Route]] = {}
    for route in await list_routes(source):
        routes.setdefault(route.model_id, []).append(route)
    rows = await source.fetch(_LIST_MODELS)
    return [Model(**row, routes=routes.get(row["id"], [])) for row in rows]


async def list_routes(source: Connection | Pool) -> list[Route]:
    """Of all models, also those that are not offered; each model's in their order."""
    return [Route(**row) for row in await source.fetch(_LIST_ROUTES)]


async def add_model(connection: Connection, new: NewModel) -> None:
    """With its route. What is there already stays as it is."""
    sizes = (new.context_length, new.max_output_tokens)
    await connection.execute(_ADD_MODEL, new.id, new.owned_by, new.name, *sizes)
    own = new.route
    await connection.execute(
        _ADD_ROUTE,
        new.id,
        own.provider,
        own.upstream_model,
        *(own.priority, own.weight, own.key_group),
    )


async def withdraw_route(connection: Connection, route: Route) -> str | None:
    """The model's id if it is not available any more."""
    place = (route.model_id, route.provider, route.upstream_model)
    found: str | None = await connection.fetchval(_WITHDRAW_ROUTE, *place)
    return found


async def set_deprecation(connection: Connection, dated: Deprecation) -> None:
    await connection.execute(_SET_DEPRECATION, dated.model_id, dated.deprecated_at, dated.sunset_at)
