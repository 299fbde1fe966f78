"""CPU by process accounting: what each group of processes used between two samples.

The load generator and the mock upstream belong to no group and are not counted.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

Cpu = Mapping[str, float]
"""Group to CPU seconds."""


def _replica(app: str) -> Callable[[str], bool]:
    return lambda line: line.startswith(f"ray::ServeReplica:{app}:")


GROUPS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("replica", _replica("inference")),
    ("relay", _replica("relay")),
    ("hold sweeper", _replica("hold_sweeper")),
    ("workers", lambda line: "control_plane workers" in line),
    ("web", lambda line: "control_plane web" in line),
    ("valkey", lambda line: "valkey-server" in line),
    ("postgres", lambda line: line.startswith("postgres") or "/bin/postgres" in line),
    ("edge", lambda line: "haproxy" in line and "edge" in line),
    ("serve haproxy", lambda line: "haproxy" in line),
    (
        "ray",
        lambda line: line.startswith("ray::") or "raylet" in line or "gcs_server" in line
        or "/ray/" in line,
    ),
)  # fmt: skip


def group_of(line: str) -> str | None:
    """The first group whose rule fits a command line."""
    return next((name for name, fits in GROUPS if fits(line)), None)


class ProcessCpu:
    """Samples the processes of one instance: all descendants of its supervisor."""

    def __init__(self, supervisor: int, folder: Path) -> None:
        self._root, self._folder = psutil.Process(supervisor), str(folder)

    def sample(self) -> Cpu:
        """CPU seconds used so far, by group."""
        used: dict[str, float] = dict.fromkeys((name for name, _ in GROUPS), 0.0)
        for process in psutil.process_iter():
            try:
                line = " ".join(process.cmdline())
                group = group_of(line)
                if group is not None and self._belongs(process, line):
                    times = process.cpu_times()
                    used[group] += times.user + times.system
            except psutil.Error:
                continue
        return used

    def _belongs(self, process: psutil.Process, line: str) -> bool:
        """By descent, or by our folder in its arguments: Serve's HAProxy has no parent."""
        return self._folder in line or self._root in process.parents()


def between(before: Cpu, after: Cpu) -> Cpu:
    return {name: after[name] - before[name] for name in after}
