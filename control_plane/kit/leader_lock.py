"""A lock by which one of several processes runs a periodic job."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from control_plane.kit import queries
from control_plane.kit.database import Pool

_SQL = queries.load("control_plane.kit")
_TRY_LOCK, _UNLOCK, _CLAIM_RUN = _SQL["try_lock"], _SQL["unlock"], _SQL["claim_run"]


@asynccontextmanager
async def leader_lock(pool: Pool, name: str, every_s: int) -> AsyncIterator[bool]:
    """Yields True to at most one process per interval of `every_s` seconds, else False.

    False too while another process still runs the job. The lock is a session-level advisory lock,
    so PostgreSQL releases it when a process dies.
    """
    key = zlib.crc32(f"job {name}".encode())
    async with pool.acquire() as connection:
        if not await connection.fetchval(_TRY_LOCK, key):
            yield False
            return
        try:
            yield await connection.fetchval(_CLAIM_RUN, name, every_s) is not None
        finally:
            await connection.fetchval(_UNLOCK, key)
