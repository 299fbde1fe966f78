"""A `headrace up` of our own in a folder and on a port of its own, and what one may do to it."""

import http.client
import json
import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

HEADRACE = Path(sysconfig.get_path("scripts")) / "headrace"
START_S, STOP_S, BACK_S = 240, 90, 120
# What the machine that runs the tests may have set must not reach the product.
_OURS = ("DATABASE_URL", "REDIS_URL", "RAY_", "OPENAI_", "HEADRACE_", "MAKE")


class Product:
    """`folder` keeps its state; it may be started again and again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.output = folder / "up.log"
        self.process: subprocess.Popen[bytes] | None = None
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        self.environment = {
            **inherited,
            "HEADRACE_STATE": str(folder / "state"),
            "HEADRACE_HTTP_PORT": str(port),
        }

    def start(self) -> None:
        """Start it and wait for its one line."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [HEADRACE, "up"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(
            lambda: "headrace ready" in self._output() or self._ended(), START_S, self._output
        )
        assert not self._ended(), self._output()

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        assert self.process is not None
        self.process.send_signal(with_signal)
        return self.process.wait(STOP_S)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of the command line, to its end."""
        return subprocess.run(
            [HEADRACE, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=STOP_S,
        )

    def get(self, path: str, token: str = "") -> tuple[int, Any]:
        """Status and decoded body; 0 when nobody answers."""
        return self._ask("GET", path, token, None)

    def complete(self, token: str, **fields: Any) -> tuple[int, str]:
        """A streamed completion: status and the whole text of the stream."""
        messages = [{"role": "user", "content": "Hello"}]
        body = {"model": "gpt-5", "stream": True, "messages": messages, **fields}
        status, text = self._ask("POST", "/v1/chat/completions", token, body)
        return status, text if isinstance(text, str) else json.dumps(text)

    def token(self, email: str = "demo@example.com") -> str:
        done = self.command("token", email)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def pid(self, part: str) -> int:
        children = json.loads((self.folder / "state" / "processes.json").read_text())
        return int(children[part]["pid"])

    def kill(self, part: str) -> None:
        """SIGKILL a part and wait until another is in its place."""
        before = self.pid(part)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pid(part) != before, BACK_S, self._output)

    def until_well(self) -> None:
        wait_until(lambda: self.command("status").returncode == 0, BACK_S, self._output)

    def remains(self) -> list[str]:
        """Processes that speak of this folder, in their arguments or environment."""
        found = []
        for process in psutil.process_iter():
            try:
                words = " ".join([*process.cmdline(), process.environ().get("HEADRACE_STATE", "")])
            except psutil.Error:
                continue
            if str(self.folder) in words:
                found.append(words[:200])
        return found

    def _ask(self, method: str, path: str, token: str, body: Any) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        payload = None if body is None else json.dumps(body)
        try:
            connection.request(
                method, path, payload, {**headers, "Content-Type": "application/json"}
            )
            response = connection.getresponse()
            text = response.read().decode()
        except OSError:
            return 0, None
        finally:
            connection.close()
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status, json.loads(text) if is_json else text

    def _output(self) -> str:
        return self.output.read_text()

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def wait_until(done: Callable[[], bool], patience_s: int, explain: Callable[[], str]) -> None:
    """Poll until it is so. Fails with the explanation."""
    deadline = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.3)
