"""One PostgreSQL and one Valkey for a run of tests, in a temporary folder, gone with it.

Workers of pytest-xdist learn of them by the environment, so all share the two.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.ports import free_port
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from deploy.program import Program

_FOLDER = "HEADRACE_TEST_FOLDER"
_PORT = "HEADRACE_TEST_VALKEY_PORT"
_PASSWORD = "HEADRACE_TEST_VALKEY_PASSWORD"  # the variable's name, not a secret


@dataclass(frozen=True)
class Servers:
    """The two servers of this run, whichever process started them."""

    folder: Path
    postgres: Postgres
    valkey: Valkey

    def environment(self) -> dict[str, str]:
        return {name: os.environ[name] for name in (_FOLDER, _PORT, _PASSWORD)}


def running() -> Servers | None:
    """The servers a parent process started for us, if one did."""
    if _FOLDER not in os.environ:
        return None
    folder, port = Path(os.environ[_FOLDER]), int(os.environ[_PORT])
    valkey = Valkey(folder / "valkey", port, os.environ[_PASSWORD], durable=False)
    return Servers(folder, Postgres(folder / "postgres", durable=False), valkey)


@contextmanager
def started() -> Iterator[Servers]:
    """Start both, tell child processes by the environment, stop both at the end."""
    folder = Path(tempfile.mkdtemp(prefix="headrace-tests-"))
    mine = {_FOLDER: str(folder), _PORT: str(free_port()), _PASSWORD: secrets.token_urlsafe(24)}
    os.environ |= mine
    children: list[tuple[subprocess.Popen[bytes], Program]] = []
    try:
        servers = running()
        assert servers is not None
        servers.postgres.prepare()
        servers.valkey.prepare()
        for name, program in (
            ("postgres", servers.postgres.program()),
            ("valkey", servers.valkey.program()),
        ):
            children.append((_spawn(program, folder / f"{name}.log"), program))
        pid = children[0][0].pid
        _until(lambda: servers.postgres.is_ready(pid), folder / "postgres.log")
        _until(servers.valkey.is_ready, folder / "valkey.log")
        yield servers
    finally:
        for child, program in reversed(children):
            child.send_signal(program.stop_signal)
        for child, _ in children:
            child.wait(20)
        for name in mine:
            os.environ.pop(name, None)
        shutil.rmtree(folder, ignore_errors=True)


def _spawn(program: Program, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **program.spawn_options({}),
        )


def _until(ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 30
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text())
        time.sleep(0.02)
