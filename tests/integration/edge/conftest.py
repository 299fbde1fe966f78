"""A real HAProxy with the rendered configuration, in front of two backends that name themselves."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from deploy.edge.config import edge as edge_program
from deploy.embedded.ports import accepts, free_ports
from deploy.instance import create_instance
from deploy.state import State

BODY_BYTES_MAX = 1_000


@dataclass(frozen=True)
class Answer:
    """`seen` is the plane that was reached and the path it read; None where the edge answered."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def seen(self) -> tuple[str, str] | None:
        return (self.body["plane"], self.body["path"]) if "plane" in self.body else None


@dataclass(frozen=True)
class Edge:
    port: int

    async def send(self, target: bytes, method: bytes = b"GET", *lines: bytes) -> Answer:
        """The request target goes over the wire as it is."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = [method + b" " + target + b" HTTP/1.1", b"Host: localhost", b"Connection: close"]
        writer.write(b"\r\n".join([*head, *lines]) + b"\r\n\r\n")
        raw = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        start, _, body = raw.partition(b"\r\n\r\n")
        first, *rest = start.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in rest)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        return Answer(int(first.split()[1]), headers, json.loads(body))


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    """Both planes answer."""
    async with AsyncExitStack() as stack:
        ports = {
            "serve": await stack.enter_async_context(_plane("inference")),
            "control": await stack.enter_async_context(_plane("control")),
        }
        yield await stack.enter_async_context(_haproxy(tmp_path, ports))


@pytest.fixture
async def edge_alone(tmp_path: Path) -> AsyncIterator[Edge]:
    """Neither plane runs."""
    async with _haproxy(tmp_path, dict(zip(("serve", "control"), free_ports(2), strict=True))) as e:
        yield e


@asynccontextmanager
async def _plane(name: str) -> AsyncIterator[int]:
    async def answer(request: web.BaseRequest) -> web.Response:
        raw = {key.decode("latin-1").lower(): value for key, value in request.raw_headers}
        headers = {key: value.decode("latin-1") for key, value in raw.items()}
        return web.json_response({"plane": name, "path": request.path, "headers": headers})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _haproxy(folder: Path, ports: dict[str, int]) -> AsyncIterator[Edge]:
    variables = {"HEADRACE_HTTP_PORT": str(free_ports(1)[0])}
    variables["HEADRACE_BODY_BYTES_MAX"] = str(BODY_BYTES_MAX)
    instance = create_instance(variables, State(folder))
    instance = dataclasses.replace(instance, ports={**instance.ports, **ports})
    program = edge_program(instance)
    process = await asyncio.create_subprocess_exec(*program.argv, stderr=asyncio.subprocess.PIPE)
    try:
        while not accepts(instance.http_port):
            assert process.returncode is None
            await asyncio.sleep(0.02)
        yield Edge(instance.http_port)
    finally:
        process.terminate()
        await process.communicate()
