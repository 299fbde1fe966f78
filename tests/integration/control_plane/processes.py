"""Starts the plane's real processes for a test, and ends them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from control_plane.settings import Settings
from deploy.embedded.ports import free_port
from tests.support.databases import SECRET_KEY


class Process:
    """One of `python -m control_plane …`, with an address."""

    def __init__(self, role: str, settings: Settings, log: Path, **extra: str) -> None:
        self.port = free_port()
        self._role, self._log = role, log
        port_name = "HEADRACE_CONTROL_PORT" if role == "web" else "HEADRACE_WORKERS_PORT"
        self._environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "HEADRACE_SECRET_KEY": SECRET_KEY,
            port_name: str(self.port),
            "HEADRACE_CONTROL_INTERNAL_PORT": str(free_port()),
            **extra,
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "control_plane",
                self._role,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    async def ready(self, path: str = "/health/ready") -> None:
        """Waits until it says so. Fails with its log when it ended instead."""
        async with aiohttp.ClientSession() as session:
            for _ in range(600):
                assert self._process is not None
                assert self._process.returncode is None, self._log.read_text()
                try:
                    async with session.get(self.url + path) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(self._log.read_text())

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send this signal and wait; returns the exit code. What does not end is killed."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        try:
            return await asyncio.wait_for(self._process.wait(), 20)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise AssertionError(self.read_log()) from None

    async def died(self) -> int:
        """Waits until it ends by itself; returns the exit code."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), 60)

    def read_log(self) -> str:
        return self._log.read_text()


@asynccontextmanager
async def running(process: Process) -> AsyncIterator[Process]:
    """Started and ready inside, gone outside."""
    await process.start()
    try:
        await process.ready()
        yield process
    finally:
        await process.end()
