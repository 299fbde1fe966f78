"""The floor: a Serve replica that passes bytes through and does nothing else.

The same raw ASGI, the same HTTP client and the same upstream as the inference plane has, without
authentication, admission, metering or settling. `python -m loadtests.bench.relay ADDRESS UPSTREAM`
deploys it into a running Serve.
"""

import importlib
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import aiohttp
import ray
from ray import serve

Message = MutableMapping[str, Any]


class Floor:
    """An ASGI application: body in, upstream's bytes out."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._session: aiohttp.ClientSession | None = None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        await self._pass_on(body, send)

    async def _live(
        self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        await receive()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._session.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _pass_on(self, body: bytes, send: Callable[[Message], Awaitable[None]]) -> None:
        assert self._session is not None
        headers = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
        async with self._session.post(self._upstream, data=body, headers=headers) as answer:
            media = answer.headers.get("content-type", "").encode()
            start = {"type": "http.response.start", "status": answer.status}
            await send(start | {"headers": [(b"content-type", media)]})
            async for piece in answer.content.iter_any():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class Relay:
    """The deployment."""

    def __init__(self, upstream: str) -> None:
        self._app = Floor(upstream)

    def __serve_build_asgi_app__(self) -> Floor:
        return self._app


def deploy(address: str, upstream: str) -> None:
    """One more application in a Serve that runs; it stays when this process ends."""
    ray.init(address=address, namespace="serve", log_to_driver=False)
    deployment = serve.deployment(serve.ingress()(Relay))
    options = deployment.options(max_ongoing_requests=10_000, ray_actor_options={"num_cpus": 1})
    serve.run(options.bind(upstream), name="relay", route_prefix="/relay")


if __name__ == "__main__":
    # By its own module's name, so that a replica imports it rather than unpickles `__main__`.
    importlib.import_module("loadtests.bench.relay").deploy(sys.argv[1], sys.argv[2])
