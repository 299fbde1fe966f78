"""The product as a table of services: what runs, what it waits for, when it is ready.

    postgres, valkey ──► database (migrations, seeds) ──► workers, web ──┐
    simulated                                                            ├──► edge
    ray, inference ──────────────────────────────────────────────────────┘

Independent services start in parallel. The inference plane's deployer starts immediately: it
imports Ray while the head starts, and waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from deploy.command_lines import module
from deploy.edge.config import edge
from deploy.embedded.ports import accepts
from deploy.instance import Instance
from deploy.program import Program
from deploy.ray.config import write_serve_config
from deploy.ray.head import ray_head, serve_environment
from deploy.supervisor.probes import answers_ok
from deploy.supervisor.service import Service

DATABASE = "database"
_SERVE_STOP_S = 20


def services_of(instance: Instance) -> list[Service]:
    """All services of this instance, without those that the environment replaces."""
    grace_s = int(float(instance.environment.get("HEADRACE_SHUTDOWN_GRACE_S", "30")))
    table = [
        _postgres(instance),
        _valkey(instance),
        _simulated(instance),
        _ray(instance),
        _plane(instance, "workers", grace_s),
        _plane(instance, "web", grace_s),
        _inference(instance),
        _edge(instance, grace_s),
    ]
    replaced = {"postgres", "valkey", "simulated", "ray"} - instance.embedded
    return [_without(replaced, service) for service in table if service.name not in replaced]


def _postgres(instance: Instance) -> Service:
    server = instance.postgres

    def start() -> Program:
        server.prepare()
        return server.program()

    async def ready(pid: int) -> bool:
        if not server.is_ready(pid):
            return False
        await asyncio.to_thread(server.create_database)
        return True

    return Service("postgres", start, ready, stop_s=20)


def _valkey(instance: Instance) -> Service:
    server = instance.valkey

    def start() -> Program:
        server.prepare()
        return server.program()

    async def ready(_pid: int) -> bool:
        return await asyncio.to_thread(server.is_ready)

    # Loading a long append-only file can take minutes.
    return Service("valkey", start, ready, patience_s=300, stop_s=20)


def _simulated(instance: Instance) -> Service:
    port = instance.ports["simulated"]
    program = Program(module("deploy.simulators", "--port", str(port)))
    return Service("simulated", lambda: program, _answers(port, "/health"))


def _ray(instance: Instance) -> Service:
    port = instance.ports["ray"]

    async def ready(_pid: int) -> bool:
        return await asyncio.to_thread(accepts, port)

    return Service("ray", lambda: ray_head(instance), ready, stop_s=15)


def _plane(instance: Instance, process: str, grace_s: int) -> Service:
    """One of the control plane's two processes."""
    port = instance.ports["control" if process == "web" else process]
    path = "/health" if process == "web" else "/health/ready"
    program = Program(module("control_plane", process))
    return Service(
        process,
        lambda: program,
        _answers(port, path),
        needs=(DATABASE, "valkey"),
        uses=("postgres",),
        stop_s=grace_s + 5,
    )


def _inference(instance: Instance) -> Service:
    port = instance.ports["serve"]

    def start() -> Program:
        config = write_serve_config(instance.state, port)
        return Program(module("deploy.ray.deployer", str(config)), serve_environment(instance))

    return Service(
        "inference",
        start,
        _answers(port, "/health/ready"),
        needs=("valkey",),
        uses=("ray", "web", "workers", "simulated"),
        follows="ray",
        patience_s=180,
        stop_s=_SERVE_STOP_S,
    )


def _edge(instance: Instance, grace_s: int) -> Service:
    # Last, so that its first response comes from a complete product.
    return Service(
        "edge",
        lambda: edge(instance),
        _answers(instance.http_port, "/health/ready"),
        needs=("web", "workers", "inference"),
        stop_s=grace_s,
    )


def _answers(port: int, path: str) -> Callable[[int], Awaitable[bool]]:
    async def ready(_pid: int) -> bool:
        return await answers_ok(port, path)

    return ready


def _without(absent: set[str], service: Service) -> Service:
    return replace(
        service,
        needs=tuple(name for name in service.needs if name not in absent),
        uses=tuple(name for name in service.uses if name not in absent),
        follows=None if service.follows in absent else service.follows,
    )
