"""A replica's door as a process of its own, so that a test may have it die.

`python -m tests.support.gate_process PORT` is that process; it reads the plane's variables.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn

from deploy.embedded.ports import free_port
from inference_plane.deployments.asgi import Gate
from inference_plane.settings import InferenceSettings
from shared import logs
from shared.failpoints import VARIABLE
from tests.support.asgi import ServeLike
from tests.support.stand import SECRET, token

INCREMENT = 10_000
"""Micro-credits: fine enough to see a charge grow with its stream."""


class GateProcess:
    """One door under this fail point; its account is `A`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process, self._url = process, f"http://127.0.0.1:{port}"

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(600):
                assert self._process.returncode is None, "the gate ended"
                try:
                    async with session.get(f"{self._url}/health/ready") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError("the gate did not start")

    async def stream(self, directive: str) -> bytes:
        """What came of a stream until it ended or broke."""
        message = {"role": "user", "content": f"hi\nsim: {directive}"}
        body = {"model": "gpt-5", "stream": True, "messages": [message]}
        came = b""
        async with aiohttp.ClientSession() as session:
            try:
                async with session.post(
                    f"{self._url}/v1/chat/completions",
                    json=body,
                    headers={"Authorization": f"Bearer {token('A')}"},
                ) as answer:
                    async for piece in answer.content.iter_any():
                        came += piece
            except aiohttp.ClientError:
                return came
        return came

    async def died(self) -> int:
        """Waits until it has; its exit code."""
        return await asyncio.wait_for(self._process.wait(), 60)

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def gate_process(
    redis_url: str, provider_url: str, failpoint: str = ""
) -> AsyncIterator[GateProcess]:
    """Started and ready inside, gone outside."""
    port = free_port()
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "HEADRACE_SECRET_KEY": SECRET,
        "HEADRACE_CONTROL_URL": "http://127.0.0.1:9",
        "HEADRACE_CREDIT_INCREMENT_MICRO": str(INCREMENT),
        "OPENAI_API_KEY": "sk-planted-secret",
        "OPENAI_BASE_URL": f"{provider_url}/v1",
        VARIABLE: failpoint,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.gate_process", str(port)), env=environment
    )
    gate = GateProcess(process, port)
    try:
        await gate.ready()
        yield gate
    finally:
        await gate.end()


def main() -> None:
    logs.configure("ERROR", "json")
    app = ServeLike(Gate(InferenceSettings(), "test"))
    uvicorn.run(app, port=int(sys.argv[1]), lifespan="on", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
