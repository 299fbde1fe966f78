"""Keys, clients and consents in PostgreSQL."""

import json
from collections.abc import Sequence

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.oidc.records import Client, SealedKey
from shared.auth.access_tokens import ALGORITHM

_SQL = queries.load("control_plane.oidc")
_CREATE_KEY, _LIST_KEYS, _FIND_CLIENT = _SQL["create_key"], _SQL["list_keys"], _SQL["find_client"]
_RETIRE_KEYS, _CREATE_CLIENT = _SQL["retire_keys"], _SQL["create_client"]
_HAS_CONSENT, _KEEP_CONSENT = _SQL["has_consent"], _SQL["keep_consent"]


async def create_key(source: Connection | Pool, key: SealedKey, signs_in_s: int = 0) -> None:
    """Published from now on; signs after so many seconds."""
    public = json.dumps(key.public_jwk)
    await source.execute(_CREATE_KEY, key.kid, ALGORITHM, public, key.private_sealed, signs_in_s)


async def list_keys(source: Connection | Pool) -> list[SealedKey]:
    """The one that signs first, then those that will, then those whose tokens are still about."""
    rows = await source.fetch(_LIST_KEYS)
    return [SealedKey(**{**row, "public_jwk": json.loads(row["public_jwk"])}) for row in rows]


async def retire_keys(source: Connection | Pool) -> None:
    """Those that another has taken over from sign no more."""
    await source.execute(_RETIRE_KEYS)


async def find_client(source: Connection | Pool, client_id: str) -> Client | None:
    """By its id."""
    row = await source.fetchrow(_FIND_CLIENT, client_id)
    return Client(**row) if row else None


async def create_client(source: Connection | Pool, client: Client) -> bool:
    """False when the id is taken."""
    row = await source.fetchval(
        _CREATE_CLIENT,
        *(client.id, client.name, client.secret_hash, client.redirect_uris, client.grant_types),
        *(client.scopes, client.application_type, client.post_logout_redirect_uris),
        client.skip_consent,
    )
    return row is not None


async def list_clients(source: Connection | Pool) -> list[Client]:
    """All of them, by id."""
    return [Client(**row) for row in await source.fetch(_SQL["list_clients"])]


async def change_secret(source: Connection | Pool, client_id: str, secret_hash: str) -> bool:
    """False for a client that has none."""
    return await source.fetchval(_SQL["change_secret"], client_id, secret_hash) is not None


async def remove_client(source: Connection | Pool, client_id: str) -> bool:
    """With all its grants. False when there is no such client."""
    return await source.fetchval(_SQL["remove_client"], client_id) is not None


async def is_web_origin(source: Connection | Pool, origin: str) -> bool:
    """Whether a website that is registered has an address there."""
    return bool(await source.fetchval(_SQL["is_web_origin"], origin))


async def has_consent(
    source: Connection | Pool, user_id: str, client_id: str, scopes: Sequence[str]
) -> bool:
    """Whether this user has allowed this client all of these before."""
    return bool(await source.fetchval(_HAS_CONSENT, user_id, client_id, list(scopes)))


async def has_factor(source: Connection | Pool, user_id: str) -> bool:
    """Whether this user can show more than a password."""
    return bool(await source.fetchval(_SQL["has_factor"], user_id))


async def keep_consent(
    source: Connection | Pool, user_id: str, client_id: str, scopes: Sequence[str]
) -> None:
    await source.execute(_KEEP_CONSENT, user_id, client_id, list(scopes))
