"""One part under supervision: started, watched, brought back when it dies, stopped in its turn.

A part that dies takes its descendants along: what it left behind is found by its mark and ended
before it starts again, or the leftovers would keep its ports.
"""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from deploy import processes
from deploy.program import MARK, PART, Program
from deploy.state import State

_POLL_S = 0.1
_BACKOFF_S = (0.2, 0.5, 1, 2, 5, 10)
_SETTLED_S = 30
_FIRST_TRIES = 3


@dataclass(frozen=True)
class Part:
    """`needs` must be ready before it starts. It stops before what it `needs` or `uses`.

    `start` prepares and says what to run; it may block. `ready` is asked with the child's pid.
    A part that `follows` another starts anew with it.
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
    """A part did not come up."""


class Watcher(Protocol):
    """Is told what happens; each name is a part's."""

    def ready(self, name: str, seconds: float) -> None: ...
    def lost(self, name: str, why: str) -> None: ...


class Awaited(Protocol):
    """What a child may wait for: another child, or an errand."""

    is_ready: asyncio.Event
    lost: asyncio.Event


class Child:
    """Keeps one part alive from `keep` until `stop`."""

    def __init__(
        self, part: Part, instance: str, state: State, environment: Mapping[str, str]
    ) -> None:
        self.part = part
        self.is_ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._instance, self._state, self._environment = instance, state, environment
        self._process: Process | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def keep(self, watcher: Watcher, others: Mapping[str, Awaited]) -> None:
        """Run the part again and again. Raises StartFailed when it never came up at all."""
        deaths, came_up = 0, False
        while not self._stopping:
            for name in self.part.needs:
                await others[name].is_ready.wait()
            began = time.monotonic()
            followed = others[self.part.follows].lost if self.part.follows else asyncio.Event()
            process = await self._spawn()
            if await self._until_ready(process, began):
                came_up = True
                self.is_ready.set()
                watcher.ready(self.part.name, time.monotonic() - began)
            why = await self._gone(process, followed)
            if self._stopping:
                return
            deaths = 0 if time.monotonic() - began > _SETTLED_S and came_up else deaths + 1
            if not came_up and deaths >= _FIRST_TRIES:
                raise StartFailed(f"{self.part.name} does not start: {why}")
            watcher.lost(self.part.name, why)
            await asyncio.sleep(_BACKOFF_S[min(deaths, len(_BACKOFF_S)) - 1] if deaths else 0)

    async def stop(self) -> None:
        """End it and all it left behind: ask, wait `stop_s`, then kill."""
        self._stopping = True
        if self._process is not None:
            await self._end(self._process)
        await self._clear()

    async def _spawn(self) -> Process:
        program = await asyncio.to_thread(self.part.start)
        marks = {MARK: self._instance, PART: self.part.name}
        options = program.spawn_options({**self._environment, **program.env, **marks})
        with self._state.log(self.part.name).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *program.argv, stdin=DEVNULL, stdout=log, stderr=log, **options
            )
        self._stop_signal = program.stop_signal
        self.lost = asyncio.Event()
        self._record(self._process.pid)
        return self._process

    async def _until_ready(self, process: Process, began: float) -> bool:
        while process.returncode is None and not self._stopping:
            if await self.part.ready(process.pid):
                return True
            if time.monotonic() - began > self.part.patience_s:
                await self._end(process)
                raise StartFailed(f"{self.part.name} is not ready after {self.part.patience_s} s")
            await asyncio.sleep(_POLL_S)
        return False

    async def _gone(self, process: Process, followed: asyncio.Event) -> str:
        """Wait until it is no more, or until what it follows is no more. Says why, in words."""
        ends = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(followed.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        self.is_ready.clear()
        why = _in_words(process.returncode) if process.returncode is not None else "starts anew"
        if not self._stopping:
            await self._end(process)
            await self._clear()
            self.lost.set()
        return why

    async def _end(self, process: Process) -> None:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self._stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.part.stop_s)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    async def _clear(self) -> None:
        left = await asyncio.to_thread(processes.marked, self._instance, self.part.name)
        await asyncio.to_thread(processes.end, left)

    def _record(self, pid: int) -> None:
        with contextlib.suppress(processes.Gone):
            recorded = self._state.read("children.json") or {}
            recorded[self.part.name] = processes.describe(pid)
            self._state.write("children.json", recorded)


def _in_words(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
