"""The model catalogue, as an operator manages it. Replicas apply a change within two seconds."""

from collections.abc import Sequence
from datetime import datetime

from control_plane.catalogue import service as catalogue
from control_plane.catalogue import store
from control_plane.catalogue.new_prices import NewPrice
from control_plane.catalogue.records import Deprecation, Model, ModelChange, NewModel, Route
from control_plane.kit.database import Connection, Pool, transaction
from shared.errors import Conflict, ModelNotFound


async def list_models(pool: Pool) -> list[Model]:
    """All models that have a price."""
    return await catalogue.list_models(pool)


async def load_model(pool: Pool, model_id: str) -> Model:
    """A model that has a price, by its id or another name. Raises ModelNotFound."""
    return await catalogue.load_model(pool, model_id)


async def list_routes(pool: Pool) -> list[Route]:
    """The routes of all models, including models that are not available."""
    return await catalogue.list_routes(pool)


async def add_models(pool: Pool, new: Sequence[NewModel]) -> None:
    """Add models. They stay unavailable until they are priced and enabled."""
    async with transaction(pool) as connection:
        await catalogue.add_models(connection, new)


async def add_model(pool: Pool, new: NewModel, aliases: Sequence[str]) -> None:
    """Add one model with its other names. Raises Conflict if there is one of this id."""
    async with transaction(pool) as connection:
        if await store.has_model(connection, new.id):
            raise Conflict(f"There is a model {new.id!r} already.")
        await catalogue.add_models(connection, [new])
        for alias in aliases:
            await store.add_alias(connection, alias, new.id)


async def add_route(pool: Pool, route: Route) -> None:
    """Add a route to a model. Raises ModelNotFound."""
    async with transaction(pool) as connection:
        await _check_exists(connection, route.model_id)
        await store.add_route(connection, route)


async def add_prices(pool: Pool, new: Sequence[NewPrice]) -> list[str]:
    """Add prices, each from its moment on; returns their ids. Raises ModelNotFound."""
    async with transaction(pool) as connection:
        for price in new:
            await _check_exists(connection, price.model_id)
        return await catalogue.add_prices(connection, new)


async def list_scheduled(pool: Pool) -> set[tuple[str, datetime]]:
    """The models and moments of prices that are not in force yet."""
    return await store.list_scheduled(pool)


async def change_model(pool: Pool, change: ModelChange, aliases: Sequence[str] = ()) -> None:
    """Change a model and add other names.

    Raises ModelNotFound, ValidationFailed for an unknown tier, or Conflict for a model that is to
    be available and has no price or no route.
    """
    async with transaction(pool) as connection:
        await _check_exists(connection, change.model_id)
        if change.required_tier is not None:
            await catalogue.check_tier(connection, change.required_tier)
        if change.available and not await store.is_sold(connection, change.model_id):
            raise Conflict(f"{change.model_id!r} needs a price and a route first.")
        await store.change_model(connection, change)
        for alias in aliases:
            await store.add_alias(connection, alias, change.model_id)


async def withdraw_routes(pool: Pool, routes: Sequence[Route]) -> list[str]:
    """Remove routes; returns the ids of models that became unavailable."""
    async with transaction(pool) as connection:
        return await catalogue.withdraw_routes(connection, routes)


async def set_deprecations(pool: Pool, deprecations: Sequence[Deprecation]) -> None:
    """Record when models are deprecated and shut down."""
    async with transaction(pool) as connection:
        await catalogue.set_deprecations(connection, deprecations)


async def _check_exists(connection: Connection, model_id: str) -> None:
    if not await store.has_model(connection, model_id):
        raise ModelNotFound(f"There is no model {model_id!r}.", param="model")
