"""Calls an ASGI application without a server, so that a test decides when each byte moves."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.support.asgi import Application, Message
from tests.support.testbed import token

Send = Callable[[Message], Awaitable[None]]


def scope(path: str, headers: dict[str, str]) -> Message:
    sent = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": sent}


async def call(app: Application, path: str, payload: Any, send: Send, **headers: str) -> None:
    """One JSON request of account `A`."""
    own = {"Authorization": f"Bearer {token('A')}", "Content-Type": "application/json"}

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(payload).encode()}

    await app(scope(path, own | headers), receive, send)


class Received:
    """What an application sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        status: int = self.messages[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.messages[1:])
