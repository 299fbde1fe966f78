"""`python -m control_plane web` and `python -m control_plane workers`: one process each."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from control_plane import app
from control_plane.settings import Settings
from control_plane.workers import process as workers
from shared import logs

_FORCED_EXIT_S = 4

log = structlog.get_logger()

ROLES: dict[str, Callable[[Settings, asyncio.Event], Awaitable[None]]] = {
    "web": app.run,
    "workers": workers.run,
}


def main(arguments: list[str]) -> int:
    """Returns the exit code: 2 for an unknown role."""
    if len(arguments) != 1 or arguments[0] not in ROLES:
        print(f"usage: python -m control_plane {'|'.join(ROLES)}", file=sys.stderr)  # noqa: T201
        return 2
    settings = Settings()
    logs.configure(settings.log_level, settings.log_format)
    uvloop.run(_run(ROLES[arguments[0]], settings))
    return 0


async def _run(
    role: Callable[[Settings, asyncio.Event], Awaitable[None]], settings: Settings
) -> None:
    """Run the role until SIGTERM or SIGINT, which it handles by shutting down in order.

    If it does not stop in time, because a server neither responds nor disconnects, the process
    exits anyway; the next process repeats unfinished work.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    task = asyncio.ensure_future(role(settings, stop))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    done, _ = await asyncio.wait({task}, timeout=settings.shutdown_grace_s + _FORCED_EXIT_S)
    if not done:
        log.error("process.forced_exit")
        sys.stderr.flush()
        os._exit(1)
    task.result()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
