"""Things done again and again. Trouble with a server is logged and tried again; a fault in the
code is not swallowed: it ends the process, whose supervisor starts it anew.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog
from redis.exceptions import RedisError

from shared.calls import LedgerAway
from shared.errors import ServiceUnavailable

_TROUBLE = (
    *(OSError, TimeoutError, RedisError, LedgerAway, ServiceUnavailable),
    *(asyncpg.PostgresError, asyncpg.InterfaceError),
)

log = structlog.get_logger()


async def every(seconds: int, name: str, act: Callable[[], Awaitable[object]]) -> None:
    """Do it, wait, do it again, for ever."""
    while True:
        await attempt(name, act)
        await asyncio.sleep(seconds)


async def attempt(name: str, act: Callable[[], Awaitable[object]]) -> None:
    """Do it once."""
    try:
        await act()
    except _TROUBLE as error:
        log.warning("loop.trouble", loop=name, kind=type(error).__name__, reason=str(error))
