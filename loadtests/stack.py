"""A running Headrace to put load on: the one of this folder, or a fresh one of our own."""

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
PATIENCE_S = 300


@dataclass(frozen=True)
class Stack:
    """`environment` is what makes the command line talk to this instance."""

    folder: Path
    url: str
    environment: Mapping[str, str]

    def command(self, *words: str) -> str:
        """What that command prints. Raises RuntimeError with what it complained of."""
        done = subprocess.run(
            [HEADRACE, *words],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"headrace {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def instance(self) -> dict[str, Any]:
        """Ports and environment of its parts, as it noted them for its own commands."""
        found: dict[str, Any] = json.loads((self.folder / "instance.json").read_text())
        return found


@contextmanager
def running_or_own() -> Iterator[Stack]:
    """The instance of HEADRACE_STATE if it answers, else a fresh one that ends with us."""
    folder = Path(os.environ.get("HEADRACE_STATE", ".headrace")).resolve()
    port = os.environ.get("HEADRACE_HTTP_PORT", "3000")
    url = f"http://localhost:{port}"
    if (folder / "instance.json").exists() and is_ready(url):
        yield Stack(folder, url, dict(os.environ))
        return
    with own() as stack:
        yield stack


@contextmanager
def own(**settings: str) -> Iterator[Stack]:
    """A fresh instance in a temporary folder, with these variables; gone with the block."""
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
        with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait(up: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_ready(url):
        if up.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Headrace did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.5)


def free_port() -> int:
    """One of loopback's that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
