"""Runs a command for one cell, in a home and a project of its own, and stops it where it must."""

import base64
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

from tests.clients.commands.invocation import PICTURE, Finished, Invocation, Request
from tests.clients.records import Cell
from tests.clients.running import Target, environment
from tests.clients.tasks import Outcome, case

RUN_S, STOP_S = 120, 10


@dataclass(frozen=True)
class Command:
    """`module` is one of this folder's; `programs` is where the client's program is installed."""

    module: ModuleType
    programs: Path


def outcome(command: Command, cell: Cell, target: Target, folder: Path) -> Outcome:
    """What came out of this cell."""
    request = _request(command, cell, target, folder)
    invocation: Invocation = command.module.invocation(request)
    for path, text in invocation.files.items():
        file = request.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with (folder / "stderr").open("w") as stderr:
        process = _start(request, invocation, stderr)
    if cell.task == "abort":
        return _stopped(process, cell, target)
    reads = _read(process)
    error = (folder / "stderr").read_text()
    finished = Finished(reads, error, process.wait(RUN_S), request.project)
    found: Outcome = command.module.outcome(cell.task, finished)
    return found


def _start(request: Request, invocation: Invocation, stderr: IO[str]) -> subprocess.Popen[bytes]:
    """A command with its input; a pipe, because Claude Code reads no JSON from a file."""
    own = {"HOME": str(request.home), "PWD": str(request.project), "NO_COLOR": "1"}
    process = subprocess.Popen(
        invocation.argv,
        cwd=request.project,
        env=environment() | own | dict(invocation.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write(invocation.stdin.encode())
    process.stdin = None  # or `communicate` would flush it
    return process


def _read(process: subprocess.Popen[bytes]) -> list[str]:
    """The output as it came, piece by piece. A command that takes too long is ended."""
    assert process.stdout is not None
    output = process.stdout.fileno()
    late = threading.Timer(RUN_S, lambda: os.killpg(process.pid, signal.SIGKILL))
    late.start()
    try:
        reads = list(iter(lambda: os.read(output, 1 << 16), b""))
    finally:
        late.cancel()
    return [each.decode(errors="replace") for each in reads]


def _request(command: Command, cell: Cell, target: Target, folder: Path) -> Request:
    home, project = folder / "home", folder / "project"
    home.mkdir(parents=True)
    project.mkdir()
    found = case(cell, target.url, target.key)
    (project / PICTURE).write_bytes(base64.b64decode(found["image"]))
    fields = {name: found[name] for name in ("task", "model", "text", "url", "key", "image")}
    return Request(programs=command.programs, home=home, project=project, **fields)


def _stopped(process: subprocess.Popen[bytes], cell: Cell, target: Target) -> Outcome:
    """Interrupts the command once its answer has begun, as Ctrl-C twice would."""
    deadline = time.monotonic() + RUN_S
    while not any(each["frames"] for each in target.received([cell])[cell.id]):
        assert time.monotonic() < deadline, "nothing was streamed"
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        os.killpg(process.pid, number)
        try:
            process.communicate(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            continue
        return {}
    os.killpg(process.pid, signal.SIGKILL)
    return {"error": {"name": "timeout", "text": "it did not stop"}}
