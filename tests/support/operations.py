"""The admin services as one-shot calls: each opens and closes its own connections."""

from collections.abc import Sequence
from typing import Literal

from control_plane.admin import clients, database, ledger, models, tokens, users
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Deprecation, Model, NewModel, Route
from control_plane.container import open_container, open_pool
from control_plane.identity.clients.records import Client
from control_plane.identity.users.records import User
from control_plane.ledger.audit.report import AuditReport
from control_plane.settings import Settings
from control_plane.usage.dead_letters import DeadLetter


async def migrate(settings: Settings) -> None:
    await database.migrate(settings.database_url.get_secret_value())


async def has_pending_migrations(settings: Settings) -> bool:
    async with open_pool(settings) as pool:
        return await database.has_pending_migrations(pool)


async def seed(settings: Settings, demo: bool = False) -> None:
    async with open_pool(settings) as pool:
        await database.seed(pool, Pricing.of(settings), demo=demo)


async def create_user(
    settings: Settings,
    email: str,
    tier: str = "free",
    credits: int | None = None,
    password: str | None = None,
) -> User:
    async with open_pool(settings) as pool:
        return await users.create_user(pool, email, tier, credits, password)


async def remove_second_factors(settings: Settings, email: str) -> None:
    async with open_pool(settings) as pool:
        await users.remove_second_factors(pool, email, settings.public_url)


async def grant_credits(settings: Settings, email: str, credits: int) -> None:
    async with open_pool(settings) as pool:
        await ledger.grant_credits(pool, email, credits)


async def issue_token(settings: Settings, email: str, scopes: Sequence[str] | None = None) -> str:
    async with open_container(settings, pool_size=2) as container:
        return await tokens.issue_token(
            container.pool, container.keys, settings.public_url, email, scopes
        )


async def list_models(settings: Settings) -> list[Model]:
    async with open_pool(settings) as pool:
        return await models.list_models(pool)


async def list_routes(settings: Settings) -> list[Route]:
    async with open_pool(settings) as pool:
        return await models.list_routes(pool)


async def add_models(settings: Settings, new: Sequence[NewModel]) -> None:
    async with open_pool(settings) as pool:
        await models.add_models(pool, new)


async def withdraw_routes(settings: Settings, routes: Sequence[Route]) -> list[str]:
    async with open_pool(settings) as pool:
        return await models.withdraw_routes(pool, routes)


async def set_deprecations(settings: Settings, deprecations: Sequence[Deprecation]) -> None:
    async with open_pool(settings) as pool:
        await models.set_deprecations(pool, deprecations)


async def audit(settings: Settings) -> AuditReport:
    async with open_container(settings, pool_size=2) as container:
        return await ledger.audit(container.pool, container.redis)


async def list_dead_letters(settings: Settings) -> list[DeadLetter]:
    async with open_pool(settings) as pool:
        return await ledger.list_dead_letters(pool)


async def redrive_dead_letters(settings: Settings) -> int:
    async with open_pool(settings) as pool:
        return await ledger.redrive_dead_letters(pool)


async def register_client(
    settings: Settings, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    async with open_pool(settings) as pool:
        return await clients.register_client(pool, client, confidential=confidential)


async def list_clients(settings: Settings) -> list[Client]:
    async with open_pool(settings) as pool:
        return await clients.list_clients(pool)


async def rotate_secret(settings: Settings, client_id: str) -> str:
    async with open_pool(settings) as pool:
        return await clients.rotate_secret(pool, client_id)


async def remove_client(settings: Settings, client_id: str) -> int:
    async with open_container(settings, pool_size=2) as container:
        return await clients.remove_client(container.pool, container.redis, client_id)


async def change_state(
    settings: Settings, email: str, state: Literal["active", "suspended"]
) -> None:
    async with open_container(settings, pool_size=2) as container:
        await users.change_state(container.pool, container.redis, email, state)
