"""What the supervisor runs, as data: a service, and what it reports to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from deploy.program import Program


@dataclass(frozen=True)
class Service:
    """One row of the table of services.

    It starts when everything in `needs` is ready, and stops before everything in `needs` and
    `uses`. `start` prepares and returns what to run; it may block. `ready` takes the process's pid.
    A service that `follows` another restarts with it. `patience_s` bounds its start, `stop_s` its
    stop, in seconds.
    """

    name: str
    start: Callable[[], Program]
    ready: Callable[[int], Awaitable[bool]]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    follows: str | None = None
    patience_s: int = 60
    stop_s: int = 10


class StartFailed(Exception):
    """A service did not become ready."""


class Watcher(Protocol):
    """Receives what happens to each service, by its name."""

    def ready(self, name: str, seconds: float) -> None: ...
    def lost(self, name: str, why: str) -> None: ...


class Readiness(Protocol):
    """What a service can wait for: another service, or a one-shot."""

    is_ready: asyncio.Event
    lost: asyncio.Event
