"""The state folder, `.headrace/`: secrets, the running instance, logs. Readable by its owner only.

secrets.json    created once: the secret key, Valkey's password
instance.json   the running instance: its environment and ports, so that other commands find it
supervisor.json the supervisor's process; processes.json: each service's, as pid and start time
logs/           one file per service; the previous one is kept as .1
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any


class State:
    """Reads and writes the files of one state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.logs = self.folder / "logs"

    def prepare(self) -> None:
        """Creates the folders. Raises OSError."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)

    def load_secrets(self) -> dict[str, str]:
        """`secret_key` and `valkey_password`, created at the first start and kept."""
        found = self.read("secrets.json") or {}
        wanted = {"secret_key": 48, "valkey_password": 32}
        missing = {name: secrets.token_urlsafe(size) for name, size in wanted.items()}
        if missing.keys() - found.keys():
            found = missing | found
            self.write("secrets.json", found)
        return found

    def read(self, name: str) -> dict[str, Any] | None:
        """The JSON object in that file, or None if it is missing or incomplete."""
        try:
            content = json.loads((self.folder / name).read_text())
        except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
            return None
        return content if isinstance(content, dict) else None

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Replaces the file atomically; it is readable by its owner only."""
        fresh = self.folder / f"{name}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file, indent=2)
        fresh.replace(self.folder / name)

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def log(self, service: str) -> Path:
        """The log file of that service."""
        return self.logs / f"{service}.log"

    def rotate_log(self, service: str) -> None:
        """Starts a new log and keeps the previous one."""
        log = self.log(service)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
