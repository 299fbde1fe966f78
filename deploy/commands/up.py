"""`headrace up`: runs everything on this machine, in the foreground, until Ctrl-C or SIGTERM."""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from control_plane.admin import database
from control_plane.catalogue.pricing import Pricing
from control_plane.container import open_pool
from control_plane.settings import Settings
from deploy.commands.failure import Failure
from deploy.embedded.ports import LOOPBACK, is_busy
from deploy.instance import Instance, create_instance, http_port, read_variables, state_of
from deploy.services import DATABASE, services_of
from deploy.state import State
from deploy.supervisor.one_shot import OneShot
from deploy.supervisor.processes import describe, end_leftovers, find
from deploy.supervisor.service import StartFailed
from deploy.supervisor.status_view import TerminalView
from deploy.supervisor.supervisor import Supervisor


def up() -> None:
    """Start all services and keep them running until Ctrl-C or SIGTERM."""
    variables = read_variables()
    state = state_of(variables)
    state.prepare()
    with _alone(state):
        _check_port(http_port(variables), variables.get("HEADRACE_HTTP_HOST", LOOPBACK))
        if end_leftovers(state):
            print("stopped processes left behind by an earlier run")
        instance = create_instance(variables, state)
        state.write("instance.json", instance.record())
        asyncio.run(_run(instance))


async def _run(instance: Instance) -> None:
    services = services_of(instance)
    for service in services:
        instance.state.rotate_log(service.name)
    supervisor = Supervisor(instance, services, [_database(instance)], TerminalView(instance))
    try:
        await supervisor.run()
    except StartFailed as failure:
        raise Failure(f"{failure}; the logs are in {instance.state.logs}") from failure
    instance.state.remove("processes.json")


def _database(instance: Instance) -> OneShot:
    """Migrations and seeds; demo users only in the embedded database."""
    settings = Settings.model_validate(dict(instance.environment))

    async def work() -> None:
        await database.migrate(settings.database_url.get_secret_value())
        async with open_pool(settings) as pool:
            await database.seed(pool, Pricing.of(settings), demo="postgres" in instance.embedded)

    needs = tuple(name for name in ("postgres", "valkey") if name in instance.embedded)
    return OneShot(DATABASE, work, needs)


@contextmanager
def _alone(state: State) -> Iterator[None]:
    """Locks the state folder. Raises Failure if another supervisor holds the lock."""
    with (state.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(_already(state)) from None
        state.write("supervisor.json", describe(os.getpid()))
        try:
            yield
        finally:
            state.remove("supervisor.json")


def _already(state: State) -> str:
    running = find(state.read("supervisor.json"))
    environment = (state.read("instance.json") or {}).get("environment", {})
    url = environment.get("HEADRACE_PUBLIC_URL", "")
    who = f"as process {running.pid} " if running else ""
    return f"already running {who}at {url}; `make down` stops it"


def _check_port(port: int, host: str) -> None:
    if is_busy(port, host):
        raise Failure(
            f"port {port} is in use by another program: stop that, "
            f"or choose another port, for example HEADRACE_HTTP_PORT={port + 1}"
        )
