"""OAuth clients, as an operator registers them."""

from redis.asyncio import Redis

from control_plane.identity.clients import registration, store
from control_plane.identity.clients.records import Client
from control_plane.identity.grants import revocation
from control_plane.identity.grants import store as grants
from control_plane.kit.database import Pool, transaction
from shared.errors import NotFound


async def register_client(
    pool: Pool, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    """The client and its secret, which is not stored. Raises ValidationFailed or Conflict."""
    return await registration.register(pool, client, confidential=confidential)


async def list_clients(pool: Pool) -> list[Client]:
    """All clients, ordered by id."""
    return await store.list_clients(pool)


async def rotate_secret(pool: Pool, client_id: str) -> str:
    """A new secret; the old one stops working. Raises NotFound for a client without a secret."""
    return await registration.rotate_secret(pool, client_id)


async def remove_client(pool: Pool, redis: Redis, client_id: str) -> int:
    """Delete a client and revoke its grants; returns how many were revoked. Raises NotFound.

    Grants are published before, because the API keys that were made with them go with their rows.
    """
    revoked = await grants.revoke_of_client(pool, client_id)
    await revocation.publish_revocation(pool, redis, revoked)
    async with transaction(pool) as connection:
        late = await grants.revoke_of_client(connection, client_id)
        if not await store.remove_client(connection, client_id):
            raise NotFound(f"There is no client {client_id}.")
    await revocation.publish_revocation(pool, redis, late)
    return len(revoked) + len(late)
