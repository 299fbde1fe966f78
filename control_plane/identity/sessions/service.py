"""Browser sessions as their user sees and ends them."""

from dataclasses import dataclass
from datetime import datetime

from control_plane.identity.lifetimes import SESSION_IDLE_S
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool
from shared.errors import NotFound

_SQL = queries.load("control_plane.identity.sessions")


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """`id` is the hex digest of the session's secret, so it grants no access."""

    id: str
    authenticated_at: datetime
    seen_at: datetime
    ip: str
    user_agent: str


async def list_sessions(source: Connection | Pool, user_id: str) -> list[BrowserSession]:
    """A user's live sessions, most recently used first."""
    rows = await source.fetch(_SQL["list_sessions"], user_id, SESSION_IDLE_S)
    return [BrowserSession(**{**row, "id": row["id"].hex()}) for row in rows]


def public_id(session_id: str) -> str:
    """The `BrowserSession.id` of the session with this secret."""
    return crypto.digest(session_id).hex()


async def end_session(source: Connection | Pool, user_id: str, public_id: str) -> str:
    """Returns the `Session.id`. Raises NotFound for another user's session, or an ended one."""
    try:
        digest = bytes.fromhex(public_id)
    except ValueError:
        digest = b""
    ended: str | None = await source.fetchval(_SQL["end_one"], user_id, digest)
    if ended is None:
        raise NotFound("There is no such session.")
    return ended
