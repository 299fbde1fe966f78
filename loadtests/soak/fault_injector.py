"""Kills random services of an instance with SIGKILL, one by one; the supervisor restarts them."""

import asyncio
import json
import os
import random
import signal
from collections import Counter

import psutil

from loadtests.stack import Stack, is_ready

SERVICES = ("replica", "workers", "web", "valkey", "postgres")
REPLICA = "ray::ServeReplica:inference:"
INTERVAL_S = (6.0, 18.0)
RECOVERY_S = 90


class FaultInjector:
    """`kills` counts them by service."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.kills: Counter[str] = Counter()

    async def inject(self) -> None:
        """Runs until cancelled. After each kill it waits until the product is ready again."""
        while True:
            await asyncio.sleep(random.uniform(*INTERVAL_S))
            service = random.choice(SERVICES)
            self.kills[service] += await asyncio.to_thread(self._kill, service)
            await self.until_ready()

    async def until_ready(self) -> None:
        """Raises TimeoutError if the product is not ready within RECOVERY_S seconds."""
        for _ in range(RECOVERY_S * 2):
            if await asyncio.to_thread(is_ready, self._stack.url):
                return
            await asyncio.sleep(0.5)
        raise TimeoutError("the product did not recover")

    def _kill(self, service: str) -> int:
        pids = self._replicas() if service == "replica" else [self._pid(service)]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(pids)

    def _pid(self, service: str) -> int:
        processes = json.loads((self._stack.folder / "processes.json").read_text())
        return int(processes[service]["pid"])

    def _replicas(self) -> list[int]:
        """One of the replicas that run, or none."""
        state, found = str(self._stack.folder), []
        for process in psutil.process_iter():
            try:
                name = next(iter(process.cmdline()), "")
                is_replica = name.startswith(REPLICA)
                if is_replica and process.environ().get("HEADRACE_STATE") == state:
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found[:1]
