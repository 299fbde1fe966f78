"""Starts the parts in order, keeps them alive, and stops them in reverse: `headrace up`.

The order is in the parts' own `needs`: each waits for those it names, so independent ones start
together. Whatever happens, also a failed start or a signal, every part is stopped before `run`
returns.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from deploy.child import Awaited, Child, Part, Watcher
from deploy.environment import Instance
from deploy.errand import Errand


class Board(Watcher, Protocol):
    """What `up` shows."""

    def all_ready(self) -> None: ...
    def stopping(self) -> None: ...
    def stopped(self, name: str, seconds: float) -> None: ...


class Supervisor:
    """One run of one instance."""

    def __init__(
        self, instance: Instance, parts: Sequence[Part], errands: Sequence[Errand], board: Board
    ) -> None:
        self._board = board
        self._children = {
            part.name: Child(part, instance.id, instance.state, instance.environment)
            for part in parts
        }
        self._errands = {errand.name: errand for errand in errands}
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises StartFailed when a part does not come up."""
        self._listen(self._stop.set)
        keeping = self._keep_all()
        try:
            await self._race(keeping, self._all_ready())
            if not self._stop.is_set():
                self._board.all_ready()
                await self._race(keeping, self._stop.wait())
        finally:
            self._board.stopping()
            await self._stop_all()
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    def _listen(self, stop: Callable[[], None]) -> None:
        # Also a repeated signal only asks: a stop in order is bounded by each part's deadline.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup SIGHUP is ignored, and stays so.
            if name is not signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(name, stop)

    def _keep_all(self) -> "list[asyncio.Task[None]]":
        every: dict[str, Awaited] = {**self._children, **self._errands}
        runners: list[Child | Errand] = [*self._children.values(), *self._errands.values()]
        return [asyncio.create_task(one.keep(self._board, every)) for one in runners]

    async def _all_ready(self) -> None:
        for child in self._children.values():
            await child.is_ready.wait()

    async def _race(
        self, keeping: "Sequence[asyncio.Task[None]]", goal: Coroutine[Any, Any, object]
    ) -> None:
        """Wait for the goal or a signal; a part that gave up raises here."""
        goals = {asyncio.ensure_future(goal), asyncio.ensure_future(self._stop.wait())}
        try:
            while not any(each.done() for each in goals):
                waiting = {*goals, *(task for task in keeping if not task.done())}
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in keeping:
                    if task.done():
                        task.result()
        finally:
            for each in goals:
                each.cancel()

    async def _stop_all(self) -> None:
        """Each after those that need or use it."""
        stopped = {name: asyncio.Event() for name in self._children}

        async def stop(name: str, child: Child) -> None:
            for other in self._children.values():
                if name in (*_reached(other.part, self._errands), *other.part.uses):
                    await stopped[other.part.name].wait()
            began = time.monotonic()
            await child.stop()
            stopped[name].set()
            self._board.stopped(name, time.monotonic() - began)

        await asyncio.gather(*(stop(name, child) for name, child in self._children.items()))


def _reached(part: Part, errands: Mapping[str, Errand]) -> tuple[str, ...]:
    """What a part needs, also by way of an errand."""
    indirect = [need for name in part.needs if name in errands for need in errands[name].needs]
    return (*part.needs, *indirect)
