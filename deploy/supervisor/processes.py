"""Finds and ends our processes. A process is identified by its pid **and** start time, or by the
mark in its environment that its descendants inherit; never by its name.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psutil

from deploy.program import MARK, SERVICE
from deploy.state import State

Gone = psutil.NoSuchProcess
_SAME_START_S = 0.05


def describe(pid: int) -> dict[str, Any]:
    """Identifies a running process beyond the reuse of its pid. Raises Gone."""
    return {"pid": pid, "started": psutil.Process(pid).create_time()}


def find(described: dict[str, Any] | None) -> psutil.Process | None:
    """The process that `describe` returned, if it still runs."""
    if not described:
        return None
    try:
        process = psutil.Process(int(described["pid"]))
        same = abs(process.create_time() - float(described["started"])) < _SAME_START_S
    except psutil.NoSuchProcess:
        return None
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def list_marked(instance: str, service: str | None = None) -> list[psutil.Process]:
    """All descendants of that instance's processes, or of one service."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        if environment.get(MARK) == instance and service in (None, environment.get(SERVICE)):
            found.append(process)
    return found


def end(processes: Iterable[psutil.Process], patience_s: int = 5) -> None:
    """Terminates them, waits, then kills the rest."""
    alive = _signal(list(processes), kill=False)
    _, alive = psutil.wait_procs(alive, timeout=patience_s)
    psutil.wait_procs(_signal(alive, kill=True), timeout=patience_s)


def end_leftovers(state: State) -> int:
    """Ends processes that a killed supervisor left running. Returns how many."""
    instance = state.read("instance.json") or {}
    recorded = (state.read("processes.json") or {}).values()
    left = {each.pid: each for each in map(find, recorded) if each is not None}
    if instance.get("id"):
        left |= {each.pid: each for each in list_marked(instance["id"])}
    end(left.values(), patience_s=15)
    state.remove("processes.json")
    return len(left)


def _signal(processes: Sequence[psutil.Process], *, kill: bool) -> list[psutil.Process]:
    reached = []
    for process in processes:
        try:
            process.kill() if kill else process.terminate()
        except psutil.NoSuchProcess:
            continue
        reached.append(process)
    return reached
