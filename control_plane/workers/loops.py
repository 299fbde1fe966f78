"""Loops of the workers. Errors of a server are logged and retried. Programming errors end the
process, which its supervisor restarts.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog
from redis.exceptions import RedisError

from shared.calls import LedgerAway
from shared.errors import ServiceUnavailable

_RETRYABLE = (
    OSError,
    TimeoutError,
    RedisError,
    LedgerAway,
    ServiceUnavailable,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)

log = structlog.get_logger()


async def every(
    seconds: int, name: str, act: Callable[[], Awaitable[object]], stop: asyncio.Event
) -> None:
    """Run `act`, wait, and repeat until `stop` is set.

    A loop ends between two runs and is not cancelled: what it awaits might swallow the
    cancellation, and the loop would never end.
    """
    while not stop.is_set():
        await attempt(name, act)
        await wait(stop, seconds)


async def wait(event: asyncio.Event, seconds: int) -> None:
    """Wait until the event is set, at most `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def attempt(name: str, act: Callable[[], Awaitable[object]]) -> None:
    """Run `act` once and log a retryable error."""
    try:
        await act()
    except _RETRYABLE as error:
        log.warning("loop.failed", loop=name, kind=type(error).__name__, reason=str(error))
