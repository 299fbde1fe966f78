"""OAuth clients in PostgreSQL."""

from control_plane.identity.clients.records import Client
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.clients")

_FIND_CLIENT, _CREATE_CLIENT = _SQL["find_client"], _SQL["create_client"]


async def find_client(source: Connection | Pool, client_id: str) -> Client | None:
    """The client with this id."""
    row = await source.fetchrow(_FIND_CLIENT, client_id)
    return Client(**row) if row else None


async def create_client(source: Connection | Pool, client: Client) -> bool:
    """Store a client. False when the id is taken."""
    row = await source.fetchval(
        _CREATE_CLIENT,
        client.id,
        client.name,
        client.secret_hash,
        client.redirect_uris,
        client.grant_types,
        client.scopes,
        client.application_type,
        client.post_logout_redirect_uris,
        client.skip_consent,
    )
    return row is not None


async def list_clients(source: Connection | Pool) -> list[Client]:
    """All clients, ordered by id."""
    return [Client(**row) for row in await source.fetch(_SQL["list_clients"])]


async def change_secret(source: Connection | Pool, client_id: str, secret_hash: str) -> bool:
    """Replace the secret. False for a client without one."""
    return await source.fetchval(_SQL["change_secret"], client_id, secret_hash) is not None


async def remove_client(source: Connection | Pool, client_id: str) -> bool:
    """Delete a client with its grants. False when there is no such client."""
    return await source.fetchval(_SQL["remove_client"], client_id) is not None


async def is_web_origin(source: Connection | Pool, origin: str) -> bool:
    """Whether a registered web client has a redirect URI on this origin."""
    return bool(await source.fetchval(_SQL["is_web_origin"], origin))
