"""`headrace status`: the services of the running instance and their health."""

import asyncio

import typer
from rich.console import Console
from rich.table import Table

from deploy.instance import read_variables, state_of
from deploy.state import State
from deploy.supervisor.probes import answers_ok
from deploy.supervisor.processes import find

_HEALTH = {
    "workers": "/health/ready",
    "web": "/health/ready",
    "inference": "/health/ready",
    "edge": "/health/ready",
    "simulated": "/health",
}
_PORT_NAMES = {"web": "control", "inference": "serve"}


def status() -> None:
    """Show every service with its process and health. Exit code 1 unless all are healthy."""
    state = state_of(read_variables())
    if find(state.read("supervisor.json")) is None:
        print("nothing is running: start it with `make up`")
        raise typer.Exit(1)
    rows = asyncio.run(list_services(state))
    table = Table("service", "process", "port", "health", box=None)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
    if any(row[3] != "ok" for row in rows):
        raise typer.Exit(1)


async def list_services(state: State) -> list[tuple[str, str, str, str]]:
    """Name, pid, port and health (`ok`, `not ready`, `gone`) of each service."""
    instance = state.read("instance.json") or {}
    ports = {**instance.get("ports", {}), "edge": instance.get("http_port")}
    rows = []
    for name, described in (state.read("processes.json") or {}).items():
        process, port = find(described), ports.get(_PORT_NAMES.get(name, name))
        health = "gone" if process is None else await _health(name, port)
        rows.append((name, str(process.pid) if process else "-", str(port or "-"), health))
    return rows


async def _health(name: str, port: int | None) -> str:
    if name not in _HEALTH or port is None:
        return "ok"
    return "ok" if await answers_ok(port, _HEALTH[name]) else "not ready"
