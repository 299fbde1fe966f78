"""Browser sessions in PostgreSQL. Every sign-in creates a new session; only digests are stored."""

from control_plane.identity.lifetimes import SESSION_IDLE_S, SESSION_S
from control_plane.identity.sessions.records import Session
from control_plane.kit import crypto, queries
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.sessions")
_CREATE, _FIND, _END, _END_ALL = _SQL["create"], _SQL["find"], _SQL["end"], _SQL["end_all"]
_PRUNE, _ROTATE = _SQL["prune"], _SQL["rotate"]


async def create(
    source: Connection | Pool, user_id: str, methods: list[str], client_info: ClientInfo
) -> str:
    """Create a session; returns its secret id, for the cookie."""
    session_id = crypto.create_secret()
    await source.execute(
        _CREATE,
        crypto.digest(session_id),
        user_id,
        methods,
        client_info.ip,
        client_info.user_agent,
        SESSION_S,
    )
    return session_id


async def rotate(
    source: Connection | Pool,
    session_id: str,
    user_id: str,
    methods: list[str],
    client_info: ClientInfo,
) -> str | None:
    """The user signed in again: a new secret id for the same session. None if it is not theirs."""
    new_id = crypto.create_secret()
    rotated = await source.fetchval(
        _ROTATE,
        crypto.digest(session_id),
        crypto.digest(new_id),
        user_id,
        methods,
        client_info.ip,
        client_info.user_agent,
        SESSION_S,
    )
    return None if rotated is None else new_id


async def find(source: Connection | Pool, session_id: str) -> Session | None:
    """The session; None if it ended, idled or expired, or its user may not sign in."""
    if not session_id:
        return None
    row = await source.fetchrow(_FIND, crypto.digest(session_id), SESSION_IDLE_S)
    return Session(**row) if row else None


async def end(source: Connection | Pool, session_id: str) -> str | None:
    """Returns the `Session.id`; None when it had ended. Grants without offline_access end, too."""
    ended: str | None = await source.fetchval(_END, crypto.digest(session_id))
    return ended


async def end_all(source: Connection | Pool, user_id: str, keep_session: str | None = None) -> None:
    """End all sessions of a user except the one with this `Session.id`."""
    await source.execute(_END_ALL, user_id, keep_session)


async def prune(source: Connection | Pool) -> None:
    """Delete sessions that have ended."""
    await source.execute(_PRUNE, SESSION_IDLE_S)
