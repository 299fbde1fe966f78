"""`headrace up`: starts the services in order, keeps them running, and stops them in reverse.

Each service waits for its own `needs`, so independent ones start together. Every service is
stopped before `run` returns, also after a failed start or a signal.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from deploy.instance import Instance
from deploy.supervisor.one_shot import OneShot
from deploy.supervisor.service import Readiness, Service, Watcher
from deploy.supervisor.service_process import ServiceProcess


class StatusView(Watcher, Protocol):
    """Receives the progress of a run."""

    def all_ready(self) -> None: ...
    def stopping(self) -> None: ...
    def stopped(self, name: str, seconds: float) -> None: ...


class Supervisor:
    """One run of one instance."""

    def __init__(
        self,
        instance: Instance,
        services: Sequence[Service],
        one_shots: Sequence[OneShot],
        view: StatusView,
    ) -> None:
        self._view = view
        self._processes = {
            service.name: ServiceProcess(service, instance.id, instance.state, instance.environment)
            for service in services
        }
        self._one_shots = {one_shot.name: one_shot for one_shot in one_shots}
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Runs until SIGINT or SIGTERM. Raises StartFailed if a service does not start."""
        self._handle_signals(self._stop.set)
        running = self._run_all()
        try:
            await self._race(running, self._all_ready())
            if not self._stop.is_set():
                self._view.all_ready()
                await self._race(running, self._stop.wait())
        finally:
            self._view.stopping()
            await self._stop_all()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _handle_signals(self, stop: Callable[[], None]) -> None:
        # A repeated signal changes nothing: each service's own deadline bounds the stop.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup SIGHUP is ignored; keep it so.
            if name is not signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(name, stop)

    def _run_all(self) -> "list[asyncio.Task[None]]":
        every: dict[str, Readiness] = {**self._processes, **self._one_shots}
        runners: list[ServiceProcess | OneShot] = [
            *self._processes.values(),
            *self._one_shots.values(),
        ]
        return [asyncio.create_task(one.run(self._view, every)) for one in runners]

    async def _all_ready(self) -> None:
        for process in self._processes.values():
            await process.is_ready.wait()

    async def _race(
        self, running: "Sequence[asyncio.Task[None]]", goal: Coroutine[Any, Any, object]
    ) -> None:
        """Wait for the goal or a signal. Raises the StartFailed of a service that gave up."""
        goals = {asyncio.ensure_future(goal), asyncio.ensure_future(self._stop.wait())}
        try:
            while not any(each.done() for each in goals):
                waiting = {*goals, *(task for task in running if not task.done())}
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in running:
                    if task.done():
                        task.result()
        finally:
            for each in goals:
                each.cancel()

    async def _stop_all(self) -> None:
        """Stops each service after those that need or use it."""
        stopped = {name: asyncio.Event() for name in self._processes}

        async def stop(name: str, process: ServiceProcess) -> None:
            for other in self._processes.values():
                if name in (*_reached(other.service, self._one_shots), *other.service.uses):
                    await stopped[other.service.name].wait()
            began = time.monotonic()
            await process.stop()
            stopped[name].set()
            self._view.stopped(name, time.monotonic() - began)

        await asyncio.gather(*(stop(name, process) for name, process in self._processes.items()))


def _reached(service: Service, one_shots: Mapping[str, OneShot]) -> tuple[str, ...]:
    """What a service needs, including through a one-shot."""
    indirect = [
        need for name in service.needs if name in one_shots for need in one_shots[name].needs
    ]
    return (*service.needs, *indirect)
