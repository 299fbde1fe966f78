"""Probes whether a service is ready, over a plain socket: cheap enough for ten times a second."""

import asyncio

from deploy.embedded.ports import LOOPBACK

_TIMEOUT_S = 5


async def answers_ok(port: int, path: str) -> bool:
    """Whether `GET path` on that loopback port returns 200 in time."""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return await _status(port, path) == 200
    except (OSError, TimeoutError, ValueError):
        return False


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        line = await reader.readline()
        return int(line.split(b" ", 2)[1]) if line.count(b" ") else 0
    finally:
        writer.close()
