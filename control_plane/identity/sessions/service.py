"""The browsers in which somebody is signed in, as that person sees them."""

from dataclasses import dataclass
from datetime import datetime

from control_plane.identity.lifetimes import SESSION_IDLE_S
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool
from shared.errors import NotFound

_SQL = queries.load("control_plane.identity.sessions")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`id` is the digest of what its cookie carries, so it opens nothing."""

    id: str
    authenticated_at: datetime
    seen_at: datetime
    ip: str
    user_agent: str


async def list_signed_in(source: Connection | Pool, user_id: str) -> list[SignedIn]:
    """The one seen last first."""
    rows = await source.fetch(_SQL["list_sessions"], user_id, SESSION_IDLE_S)
    return [SignedIn(**{**row, "id": row["id"].hex()}) for row in rows]


def id_of(session_id: str) -> str:
    """Which of them a cookie belongs to."""
    return crypto.digest(session_id).hex()


async def end(source: Connection | Pool, user_id: str, browser_id: str) -> None:
    """Raises NotFound for one that is not this user's, or has ended."""
    try:
        digest = bytes.fromhex(browser_id)
    except ValueError:
        digest = b""
    if await source.fetchval(_SQL["end_one"], user_id, digest) is None:
        raise NotFound("There is no such session.")
