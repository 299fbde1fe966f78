"""Runs one service: starts it, waits until it is ready, restarts it when it exits, stops it.

When a service exits, its remaining descendants are found by their mark and ended before it starts
again; otherwise they would keep its ports.
"""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping

from deploy.program import MARK, SERVICE
from deploy.state import State
from deploy.supervisor import processes
from deploy.supervisor.service import Readiness, Service, StartFailed, Watcher

_POLL_S = 0.1
_BACKOFF_S = (0.2, 0.5, 1, 2, 5, 10)
_SETTLED_S = 30
_FIRST_TRIES = 3


class ServiceProcess:
    """Keeps one service running from `run` until `stop`."""

    def __init__(
        self, service: Service, instance: str, state: State, environment: Mapping[str, str]
    ) -> None:
        self.service = service
        self.is_ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._instance, self._state, self._environment = instance, state, environment
        self._process: Process | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def run(self, watcher: Watcher, others: Mapping[str, Readiness]) -> None:
        """Restart the service whenever it exits. Raises StartFailed if it never became ready."""
        deaths, came_up = 0, False
        while not self._stopping:
            for name in self.service.needs:
                await others[name].is_ready.wait()
            began = time.monotonic()
            followed = (
                others[self.service.follows].lost if self.service.follows else asyncio.Event()
            )
            process = await self._spawn()
            if await self._until_ready(process, began):
                came_up = True
                self.is_ready.set()
                watcher.ready(self.service.name, time.monotonic() - began)
            why = await self._gone(process, followed)
            if self._stopping:
                return
            deaths = 0 if time.monotonic() - began > _SETTLED_S and came_up else deaths + 1
            if not came_up and deaths >= _FIRST_TRIES:
                raise StartFailed(f"{self.service.name} does not start: {why}")
            watcher.lost(self.service.name, why)
            await asyncio.sleep(_BACKOFF_S[min(deaths, len(_BACKOFF_S)) - 1] if deaths else 0)

    async def stop(self) -> None:
        """Terminate it and its descendants: SIGTERM, then SIGKILL after `stop_s` seconds."""
        self._stopping = True
        if self._process is not None:
            await self._end(self._process)
        await self._clear()

    async def _spawn(self) -> Process:
        program = await asyncio.to_thread(self.service.start)
        marks = {MARK: self._instance, SERVICE: self.service.name}
        options = program.spawn_options({**self._environment, **program.env, **marks})
        with self._state.log(self.service.name).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *program.argv, stdin=DEVNULL, stdout=log, stderr=log, **options
            )
        self._stop_signal = program.stop_signal
        self.lost = asyncio.Event()
        self._record(self._process.pid)
        return self._process

    async def _until_ready(self, process: Process, began: float) -> bool:
        while process.returncode is None and not self._stopping:
            if await self.service.ready(process.pid):
                return True
            if time.monotonic() - began > self.service.patience_s:
                await self._end(process)
                raise StartFailed(
                    f"{self.service.name} is not ready after {self.service.patience_s} s"
                )
            await asyncio.sleep(_POLL_S)
        return False

    async def _gone(self, process: Process, followed: asyncio.Event) -> str:
        """Wait until it exits, or the service that it follows does. Returns the reason."""
        ends = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(followed.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        self.is_ready.clear()
        why = _in_words(process.returncode) if process.returncode is not None else "restarts"
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
                await asyncio.wait_for(process.wait(), self.service.stop_s)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    async def _clear(self) -> None:
        left = await asyncio.to_thread(processes.list_marked, self._instance, self.service.name)
        await asyncio.to_thread(processes.end, left)

    def _record(self, pid: int) -> None:
        with contextlib.suppress(processes.Gone):
            recorded = self._state.read("processes.json") or {}
            recorded[self.service.name] = processes.describe(pid)
            self._state.write("processes.json", recorded)


def _in_words(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
