"""An instance to put load on: the one that runs in this folder, or a fresh one."""

import json
import os
import signal
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADRACE = Path(sysconfig.get_path("scripts")) / "headrace"
START_TIMEOUT_S = 300


@dataclass(frozen=True)
class Stack:
    """An instance. With `environment` the command line talks to it."""

    folder: Path
    url: str
    environment: Mapping[str, str]

    def command(self, *words: str) -> str:
        """The output of a command. Raises RuntimeError with its standard error."""
        completed = subprocess.run(
            [HEADRACE, *words],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if completed.returncode:
            raise RuntimeError(f"headrace {' '.join(words)}: {completed.stderr.strip()}")
        return completed.stdout.strip()

    def instance(self) -> dict[str, Any]:
        """Ports and environment of its services, as recorded in `instance.json`."""
        instance: dict[str, Any] = json.loads((self.folder / "instance.json").read_text())
        return instance


@contextmanager
def running_or_fresh() -> Iterator[Stack]:
    """The instance of HEADRACE_STATE if it responds, else a fresh one."""
    folder = Path(os.environ.get("HEADRACE_STATE", ".headrace")).resolve()
    port = os.environ.get("HEADRACE_HTTP_PORT", "3000")
    url = f"http://localhost:{port}"
    if (folder / "instance.json").exists() and is_ready(url):
        yield Stack(folder, url, dict(os.environ))
        return
    with fresh() as stack:
        yield stack


@contextmanager
def fresh(**settings: str) -> Iterator[Stack]:
    """A fresh instance in a temporary folder with these variables; stops with the block."""
    with tempfile.TemporaryDirectory(prefix="hr-load-") as name:
        folder, port = Path(name) / "state", free_port()
        environment = os.environ | settings
        environment |= {"HEADRACE_STATE": str(folder), "HEADRACE_HTTP_PORT": str(port)}
        with (Path(name) / "up.log").open("wb") as log:
            up = subprocess.Popen(
                [HEADRACE, "up"], env=environment, stdout=log, stderr=log, start_new_session=True
            )
            try:
                url = f"http://localhost:{port}"
                _wait(up, url, Path(log.name))
                yield Stack(folder, url, environment)
            finally:
                up.send_signal(signal.SIGTERM)
                up.wait(120)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait(up: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_ready(url):
        if up.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Headrace did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.5)


def free_port() -> int:
    """A loopback port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
