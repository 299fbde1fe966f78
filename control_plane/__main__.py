"""`python -m control_plane web` and `python -m control_plane workers`: one process each."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import uvloop

from control_plane import app
from control_plane.settings import Settings
from control_plane.workers import process as workers
from shared import logs

ROLES: dict[str, Callable[[Settings, asyncio.Event], Awaitable[None]]] = {
    "web": app.run,
    "workers": workers.run,
}


def main(arguments: list[str]) -> int:
    """Returns the exit code: 2 for a role there is not."""
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
    """Until SIGTERM or SIGINT, which only say so: the role ends itself in order."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await role(settings, stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
