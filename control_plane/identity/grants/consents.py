"""Stored consents in PostgreSQL."""

from collections.abc import Sequence

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.grants")

_HAS_CONSENT, _SAVE_CONSENT = _SQL["has_consent"], _SQL["save_consent"]


async def has_consent(
    source: Connection | Pool, user_id: str, client_id: str, scopes: Sequence[str]
) -> bool:
    """Whether the user has allowed this client all of these scopes before."""
    return bool(await source.fetchval(_HAS_CONSENT, user_id, client_id, list(scopes)))


async def save_consent(
    source: Connection | Pool, user_id: str, client_id: str, scopes: Sequence[str]
) -> None:
    await source.execute(_SAVE_CONSENT, user_id, client_id, list(scopes))
