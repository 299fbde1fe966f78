"""Sends requests to the testbed over plain HTTP, as a client of any vendor would."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.support.testbed import Testbed, token

CHAT = "/v1/chat/completions"


def body(directive: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A streamed chat request whose last message directs the simulated provider."""
    content = f"hi\nsim: {json.dumps(directive or {})}"
    return {
        "model": "gpt-5",
        "stream": True,
        "messages": [{"role": "user", "content": content}],
    } | fields


@asynccontextmanager
async def open_stream(
    testbed: Testbed, payload: dict[str, Any], path: str = CHAT, **headers: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    sent = {"Authorization": f"Bearer {token('A')}"} | headers
    async with aiohttp.ClientSession() as session:
        async with session.post(testbed.url + path, json=payload, headers=sent) as answer:
            yield answer


async def post(
    testbed: Testbed, payload: dict[str, Any], path: str = CHAT, **headers: str
) -> tuple[int, bytes]:
    async with open_stream(testbed, payload, path, **headers) as answer:
        return answer.status, await answer.read()


def frames_of(stream: bytes) -> list[bytes]:
    return [frame for frame in stream.split(b"\n\n") if frame and not frame.startswith(b":")]


def text_of(stream: bytes) -> str:
    """The text of a chat stream."""
    text = ""
    for frame in frames_of(stream):
        data = frame.partition(b"data: ")[2]
        if data and data != b"[DONE]":
            for choice in json.loads(data).get("choices", ()):
                text += choice["delta"].get("content") or ""
    return text


async def journal(testbed: Testbed, last: int = 20) -> list[dict[str, Any]]:
    """The requests that the simulated provider received, the newest last."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{testbed.provider}/sim/requests?last={last}") as answer:
            seen: Any = await answer.json()
            requests = seen["requests"] if isinstance(seen, dict) else seen
            return [each for each in requests if not each["path"].startswith("/sim/")]
