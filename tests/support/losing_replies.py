"""A proxy between a client and Redis that forwards every command and drops replies on request.

That is the hardest case for a ledger: the server has run the command, but the client cannot know.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class LosingReplies:
    """A loopback port in front of a Redis. `lose(n)`: the next n replies end their connections."""

    def __init__(self, redis_url: str) -> None:
        self._parts = urlsplit(redis_url)
        self._to_lose = 0
        self.lost = 0
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        credentials = self._parts.netloc.rpartition("@")[0]
        return self._parts._replace(netloc=f"{credentials}@127.0.0.1:{port}").geturl()

    def lose(self, replies: int) -> None:
        """Only replies to scripts count: what opens a connection is let through."""
        self._to_lose, self.lost = replies, 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection("127.0.0.1", self._parts.port or 6379)
        requested: list[bytes] = [b""]
        there = asyncio.create_task(_pump(reader, behind[1], requested))
        try:
            with suppress(OSError):
                await self._answer(behind[0], writer, requested)
        finally:
            there.cancel()
            await asyncio.gather(there, return_exceptions=True)
            for each in (writer, behind[1]):
                each.transport.abort()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requested: list[bytes]
    ) -> None:
        while reply := await reader.read(65536):
            if self._to_lose and b"EVALSHA" in requested[0] and not reply.startswith(b"-NOSCRIPT"):
                self._to_lose -= 1
                self.lost += 1
                return
            writer.write(reply)
            await writer.drain()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requested: list[bytes]
) -> None:
    """`asked` holds the last command that was sent."""
    while data := await reader.read(65536):
        requested[0] = data
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def losing_replies(redis_url: str) -> AsyncIterator[LosingReplies]:
    proxy = LosingReplies(redis_url)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
