"""Who started us, and whether they are still there.

Started by a script or a job runner, we end with it, as a child in the foreground should: a killed
job must not leave a product running that nobody knows of. A terminal says so by itself, with
SIGHUP; and whoever wants to be outlived says so with `nohup`, which has us ignore SIGHUP.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

_POLL_S = 1


@dataclass(frozen=True)
class Starter:
    """`child` is our ancestor that `pid` started: ourselves, or the `make` between us."""

    pid: int
    child: int

    def is_gone(self) -> bool:
        """An orphan is given another parent at once, so its parent's pid tells."""
        try:
            return psutil.Process(self.child).ppid() != self.pid
        except psutil.NoSuchProcess:
            return True

    async def gone(self) -> None:
        """Return when it is gone."""
        while not self.is_gone():
            await asyncio.sleep(_POLL_S)


def find_starter(environment: Mapping[str, str]) -> Starter | None:
    """The program to end with; None on a terminal, under nohup, or when it has left already."""
    if sys.stdin.isatty() or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return None
    child = os.getppid() if "MAKELEVEL" in environment else os.getpid()
    try:
        pid = psutil.Process(child).ppid()
    except psutil.NoSuchProcess:
        return None
    return Starter(pid, child) if pid > 1 else None
