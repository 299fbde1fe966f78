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


async def every(
    seconds: int, name: str, act: Callable[[], Awaitable[object]], stop: asyncio.Event
) -> None:
    """Do it, wait, do it again, until `stop` is set.

    A loop ends itself between two turns and is not cancelled: what it awaits may lose a
    cancellation, and then it would go on for ever.
    """
    while not stop.is_set():
        await attempt(name, act)
        await wait(stop, seconds)


async def wait(event: asyncio.Event, seconds: int) -> None:
    """Until it is set, at most this long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def attempt(name: str, act: Callable[[], Awaitable[object]]) -> None:
    """Do it once."""
    try:
        await act()
    except _TROUBLE as error:
        log.warning("loop.trouble", loop=name, kind=type(error).__name__, reason=str(error))
