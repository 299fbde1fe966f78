"""Runs an ASGI application the way Ray Serve's direct ingress does: a disconnect cancels it."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class ServeLike:
    """Wraps an application. The acceptance tests run the real thing.

    `last_headers` are those of the last response, which not every SDK shows.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self.last_headers: dict[str, str] = {}

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        arrived: asyncio.Queue[Message] = asyncio.Queue()
        request = asyncio.ensure_future(self._app(scope, arrived.get, self._recorded(send)))
        watch = asyncio.ensure_future(_watch(receive, arrived))
        try:
            await asyncio.wait({request, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
            if not request.done():
                request.cancel()
        await asyncio.wait({request})
        if not request.cancelled():
            request.result()

    def _recorded(self, send: Callable[[Message], Awaitable[None]]) -> Any:
        async def record(message: Message) -> None:
            if message["type"] == "http.response.start":
                pairs = message["headers"]
                self.last_headers = {name.decode(): value.decode() for name, value in pairs}
            await send(message)

        return record


async def _watch(
    receive: Callable[[], Awaitable[Message]], arrived: "asyncio.Queue[Message]"
) -> None:
    """Ends when the client disconnects."""
    while True:
        message = await receive()
        await arrived.put(message)
        if message["type"] == "http.disconnect":
            return
