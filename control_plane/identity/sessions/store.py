"""Browser sessions in PostgreSQL: a new id at every login, known here by its hash only."""

from control_plane.identity.lifetimes import SESSION_IDLE_S, SESSION_S
from control_plane.identity.sessions.records import Session
from control_plane.kit import crypto, queries
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.sessions")
_CREATE, _FIND, _END, _END_ALL = _SQL["create"], _SQL["find"], _SQL["end"], _SQL["end_all"]
_PRUNE = _SQL["prune"]


async def create(
    source: Connection | Pool, user_id: str, methods: list[str], origin: ClientInfo
) -> str:
    """The new session's id, for its cookie."""
    session_id = crypto.create_secret()
    await source.execute(
        *(_CREATE, crypto.digest(session_id), user_id, methods),
        *(origin.ip, origin.user_agent, SESSION_S),
    )
    return session_id


async def find(source: Connection | Pool, session_id: str) -> Session | None:
    """None once it is ended, idle for too long, too old, or its user may not sign in."""
    if not session_id:
        return None
    row = await source.fetchrow(_FIND, crypto.digest(session_id), SESSION_IDLE_S)
    return Session(**row) if row else None


async def end(source: Connection | Pool, session_id: str) -> None:
    await source.execute(_END, crypto.digest(session_id))


async def end_all(source: Connection | Pool, user_id: str, but: str = "") -> None:
    """All of a user's, but the one with this id."""
    await source.execute(_END_ALL, user_id, crypto.digest(but) if but else None)


async def prune(source: Connection | Pool) -> None:
    """Forget those that have ended."""
    await source.execute(_PRUNE)
