"""API keys in PostgreSQL."""

from collections.abc import Sequence

from control_plane.api_keys.records import ApiKey, NewApiKey
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.api_keys")
_CREATE, _LIST = _SQL["create_key"], _SQL["list_keys"]
_REVOKE, _LIST_VALID = _SQL["revoke_key"], _SQL["list_valid"]
_COUNT_VALID = _SQL["count_valid"]


async def create(
    source: Connection | Pool, user_id: str, new: NewApiKey, prefix: str, digest: str
) -> ApiKey:
    row = await source.fetchrow(
        _CREATE,
        user_id,
        new.name,
        prefix,
        digest,
        new.scopes,
        new.cap_micro,
        new.expires_at,
        new.grant_id,
    )
    assert row is not None
    return ApiKey(**row)


async def lock_limit(connection: Connection, user_id: str) -> int | None:
    """How many keys the user's tier allows; None is no limit. Locks the user."""
    limit: int | None = await connection.fetchval(_SQL["lock_limit"], user_id)
    return limit


async def count_keys(source: Connection | Pool, user_id: str) -> int:
    """How many valid keys the user has."""
    return int(await source.fetchval(_SQL["count_keys"], user_id))


async def list_made_with(source: Connection | Pool, grant_ids: Sequence[str]) -> list[str]:
    """The digests of the keys that were made with these grants."""
    rows = await source.fetch(_SQL["list_made_with"], list(grant_ids))
    return [row["digest"] for row in rows]


async def list_keys(source: Connection | Pool, user_id: str) -> list[ApiKey]:
    """A user's keys that have not ended, newest first; also expired ones."""
    return [ApiKey(**row) for row in await source.fetch(_LIST, user_id)]


async def revoke(source: Connection | Pool, user_id: str, key_id: str) -> str | None:
    """Revoke a key; returns its digest, or None where there is none to revoke."""
    found: str | None = await source.fetchval(_REVOKE, user_id, key_id)
    return found


async def revoke_all(source: Connection | Pool, user_id: str) -> list[str]:
    """Revoke all keys of a user; returns their digests."""
    return [row["digest"] for row in await source.fetch(_SQL["revoke_keys"], user_id)]


async def list_valid(source: Connection | Pool) -> list[ApiKey]:
    """All keys that are valid now."""
    return [ApiKey(**row) for row in await source.fetch(_LIST_VALID)]


async def count_valid(source: Connection | Pool) -> int:
    """How many keys are valid now."""
    return int(await source.fetchval(_COUNT_VALID))
