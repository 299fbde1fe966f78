"""The model catalogue, as an operator manages it."""

from collections.abc import Sequence

from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Deprecation, Model, NewModel, Route
from control_plane.kit.database import Pool, transaction


async def list_models(pool: Pool) -> list[Model]:
    """All models that have a price."""
    return await catalogue.list_models(pool)


async def list_routes(pool: Pool) -> list[Route]:
    """The routes of all models, including models that are not available."""
    return await catalogue.list_routes(pool)


async def add_models(pool: Pool, new: Sequence[NewModel]) -> None:
    """Add models. They stay unavailable until they are priced and enabled."""
    async with transaction(pool) as connection:
        await catalogue.add_models(connection, new)


async def withdraw_routes(pool: Pool, routes: Sequence[Route]) -> list[str]:
    """Remove routes; returns the ids of models that became unavailable."""
    async with transaction(pool) as connection:
        return await catalogue.withdraw_routes(connection, routes)


async def set_deprecations(pool: Pool, deprecations: Sequence[Deprecation]) -> None:
    """Record when models are deprecated and shut down. Replicas apply it within two seconds."""
    async with transaction(pool) as connection:
        await catalogue.set_deprecations(connection, deprecations)
