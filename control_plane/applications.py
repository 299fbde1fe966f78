"""Applications, as an operator registers them from the command line. Bad input raises a
`shared.errors.Refusal` whose message may be printed as it is.
"""

from control_plane.connections import opened
from control_plane.kit.database import transaction
from control_plane.oidc import registering, store
from control_plane.oidc.grants import revoking
from control_plane.oidc.grants import store as grants
from control_plane.oidc.records import Client
from control_plane.settings import Settings
from shared.errors import NotFound


async def register(
    settings: Settings, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    """The client and its secret, told once. Raises ValidationFailed or Conflict."""
    async with opened(settings, pool_size=2) as connections:
        return await registering.register(connections.pool, client, confidential=confidential)


async def list_all(settings: Settings) -> list[Client]:
    """Every application, by its id."""
    async with opened(settings, pool_size=2) as connections:
        return await store.list_clients(connections.pool)


async def renew_secret(settings: Settings, client_id: str) -> str:
    """Raises NotFound for a client that has no secret."""
    async with opened(settings, pool_size=2) as connections:
        return await registering.renew_secret(connections.pool, client_id)


async def remove(settings: Settings, client_id: str) -> int:
    """Signs all its users out and forgets it; returns how many sessions ended. Raises NotFound."""
    async with opened(settings, pool_size=2) as connections:
        async with transaction(connections.pool) as connection:
            ended = await grants.revoke_of_client(connection, client_id)
            if not await store.remove_client(connection, client_id):
                raise NotFound(f"There is no client {client_id}.")
        await revoking.announce(connections.redis, ended)
        return len(ended)
