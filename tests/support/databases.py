"""A fresh, migrated database for each test, cloned from a template migrated once per run."""

import asyncio
import fcntl
import threading
from pathlib import Path

from control_plane.settings import Settings
from tests.support import operations
from tests.support.servers import Servers

TEMPLATE = "template_migrated"
SECRET_KEY = "a key that only tests know, long enough"


def settings_for(database_url: str, redis_url: str) -> Settings:
    """The control plane's settings for a test, with nothing from the environment."""
    return Settings.model_validate(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "HEADRACE_SECRET_KEY": SECRET_KEY,
        }
    )


def create_database(servers: Servers, name: str) -> str:
    """Clone the template under this name and say where it is."""
    with (servers.folder / "template.lock").open("w") as lock:
        # One worker makes the template, the others wait; cloning needs it idle, too.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make_template(servers, servers.folder / "template.ready")
        servers.postgres.create_database(name, TEMPLATE)
    return servers.postgres.url(name)


def _make_template(servers: Servers, marker: Path) -> None:
    if marker.exists():
        return
    servers.postgres.remove_database(TEMPLATE)
    servers.postgres.create_database(TEMPLATE)
    settings = settings_for(servers.postgres.url(TEMPLATE), servers.valkey.url)
    _run_apart(settings)
    marker.touch()


def _run_apart(settings: Settings) -> None:
    """Migrate in a thread: the caller's thread has an event loop of its own already."""
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            asyncio.run(operations.migrate(settings))
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            failures.append(error)

    thread = threading.Thread(target=migrate)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
