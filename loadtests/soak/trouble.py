"""Kills parts of an instance by SIGKILL, one at a time, at random, and lets them come back."""

import asyncio
import json
import os
import random
import signal
from collections import Counter

import psutil

from loadtests.stack import Stack, is_ready

PARTS = ("replica", "workers", "web", "valkey", "postgres")
REPLICA = "ray::ServeReplica:inference:"
PAUSE_S = (6.0, 18.0)
BACK_S = 90


class Trouble:
    """`kills` by part."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.kills: Counter[str] = Counter()

    async def make(self) -> None:
        """Until cancelled. Each kill waits until the product is well again."""
        while True:
            await asyncio.sleep(random.uniform(*PAUSE_S))
            part = random.choice(PARTS)
            self.kills[part] += await asyncio.to_thread(self._kill, part)
            await self.until_well()

    async def until_well(self) -> None:
        for _ in range(BACK_S * 2):
            if await asyncio.to_thread(is_ready, self._stack.url):
                return
            await asyncio.sleep(0.5)
        raise TimeoutError("the product did not come back")

    def _kill(self, part: str) -> int:
        pids = self._replicas() if part == "replica" else [self._pid(part)]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(pids)

    def _pid(self, part: str) -> int:
        children = json.loads((self._stack.folder / "children.json").read_text())
        return int(children[part]["pid"])

    def _replicas(self) -> list[int]:
        """One of those that live; none while none does."""
        state, found = str(self._stack.folder), []
        for process in psutil.process_iter():
            try:
                name = next(iter(process.cmdline()), "")
                ours = name.startswith(REPLICA)
                if ours and process.environ().get("HEADRACE_STATE") == state:
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found[:1]
