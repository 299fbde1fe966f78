"""A replica's ASGI application as a process of its own, so that a test can have it die.

`python -m tests.support.asgi_process PORT` is that process. Its settings are environment variables.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn

from deploy.embedded.ports import free_port
from inference_plane.deployments.asgi import InferenceApp
from inference_plane.settings import InferenceSettings
from shared import logs
from shared.failpoints import VARIABLE
from tests.support.asgi import ServeLike
from tests.support.testbed import SECRET, token

INCREMENT = 10_000
"""Micro-credits: fine enough to see a charge grow with its stream."""


class AsgiProcess:
    """One replica with this fail point; its account is `A`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process, self._url = process, f"http://127.0.0.1:{port}"

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(600):
                assert self._process.returncode is None, "the process ended"
                try:
                    async with session.get(f"{self._url}/health/ready") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError("the process did not start")

    async def stream(self, directive: str) -> bytes:
        """What a stream brought until it ended or was cut off."""
        message = {"role": "user", "content": f"hi\nsim: {directive}"}
        body = {"model": "gpt-5", "stream": True, "messages": [message]}
        received = b""
        async with aiohttp.ClientSession() as session:
            try:
                async with session.post(
                    f"{self._url}/v1/chat/completions",
                    json=body,
                    headers={"Authorization": f"Bearer {token('A')}"},
                ) as answer:
                    async for piece in answer.content.iter_any():
                        received += piece
            except aiohttp.ClientError:
                return received
        return received

    async def died(self) -> int:
        """Waits until the process has died; its exit code."""
        return await asyncio.wait_for(self._process.wait(), 60)

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def running_asgi_process(
    redis_url: str, provider_url: str, failpoint: str = ""
) -> AsyncIterator[AsgiProcess]:
    """Started and ready inside, ended outside."""
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
        sys.executable, "-m", "tests.support.asgi_process", str(port), env=environment
    )
    replica = AsgiProcess(process, port)
    try:
        await replica.ready()
        yield replica
    finally:
        await replica.end()


def main() -> None:
    logs.configure("ERROR", "json")
    app = ServeLike(InferenceApp(InferenceSettings(), "test"))
    uvicorn.run(app, port=int(sys.argv[1]), lifespan="on", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
