"""PostgreSQL: connection pool, transactions, and advisory locks by name.

UUIDs are `str` in Python, because tokens, Redis keys and JSON use text, too.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from control_plane.kit import queries

_SQL = queries.load("control_plane.kit")
_LOCK, _UNLOCK = _SQL["lock"], _SQL["unlock"]
_CLOSE_S = 5
ALIVE = _SQL["alive"]

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    # Only the stubs are generic: at run time these classes take no parameter.
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection | PoolConnectionProxy


async def connect(url: str, *, size_max: int = 10) -> Pool:
    """A pool that opens connections on demand. The caller closes it."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size_max,
        init=_prepare,
        command_timeout=60,
        server_settings={
            "application_name": "headrace",
            "timezone": "UTC",
            # Entries are acknowledged in Redis after the commit, so it must be on disk, regardless
            # of the server's default.
            "synchronous_commit": "on",
        },
    )


async def close(pool: Pool) -> None:
    """Close the pool; terminate it if the server does not respond in time."""
    try:
        async with asyncio.timeout(_CLOSE_S):
            await pool.close()
    except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError):
        pool.terminate()


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=str, decoder=str, format="text"
    )


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A connection in a transaction that commits on exit and rolls back on an error."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection


@asynccontextmanager
async def locked(pool: Pool, name: str) -> AsyncIterator[Connection]:
    """A connection that holds the advisory lock of this name; not in a transaction."""
    key = zlib.crc32(name.encode())
    async with pool.acquire() as connection:
        await connection.fetchval(_LOCK, key)
        try:
            yield connection
        finally:
            await connection.fetchval(_UNLOCK, key)
