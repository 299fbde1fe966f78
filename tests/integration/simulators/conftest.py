"""The simulated provider on a port of its own, and each vendor's own SDK pointed at it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import anthropic
import httpx2
import openai
import pytest
from anthropic import AsyncAnthropic
from google import genai
from google.genai import errors as google_errors
from google.genai import types as google_types
from openai import AsyncOpenAI

from deploy.simulators.server import build_app
from tests.support import web_server

BROKEN = (
    openai.APIError,
    anthropic.APIError,
    google_errors.APIError,
    httpx2.HTTPError,
    aiohttp.ClientError,
)


def say(words: str = "hello", /, **directive: Any) -> str:
    """What a user writes, with a directive on a line of its own."""
    return f"{words}\nsim: {json.dumps(directive)}" if directive else words


async def until_error(stream: Any) -> tuple[list[Any], Exception]:
    """The chunks, and the error that ended them. A stream that ends normally fails the test."""
    seen = []
    try:
        async for each in stream:
            seen.append(each)  # noqa: PERF401 - what came before the error is wanted too
    except BROKEN as error:
        return seen, error
    raise AssertionError("the stream ended as if it were complete")


@dataclass
class Provider:
    """`url` has no path. The clients do not retry, and are closed with the provider."""

    url: str
    session: aiohttp.ClientSession
    openai: AsyncOpenAI = field(init=False)
    anthropic: AsyncAnthropic = field(init=False)
    google: Any = field(init=False)

    def __post_init__(self) -> None:
        self.openai = AsyncOpenAI(base_url=f"{self.url}/v1", api_key="sk-key", max_retries=0)
        self.anthropic = AsyncAnthropic(base_url=self.url, api_key="sk-key", max_retries=0)
        options = google_types.HttpOptions(base_url=self.url)
        self.google = genai.Client(api_key="key", http_options=options).aio

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any, Any]:
        """One plain request with every vendor's key: status, headers, JSON or text."""
        keys = {
            "Authorization": "Bearer key",
            "x-api-key": "key",
            "x-goog-api-key": "key",
            "anthropic-version": "2023-06-01",
        }
        sent = {k: v for k, v in (keys | headers).items() if v}
        async with self.session.post(self.url + path, json=body, headers=sent) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json"
            return answer.status, answer.headers, json.loads(text) if is_json else text

    async def requests(self, last: int = 1) -> list[dict[str, Any]]:
        """The last requests that the provider logged, the newest last."""
        async with self.session.get(f"{self.url}/sim/requests?last={last}") as answer:
            found: list[dict[str, Any]] = (await answer.json())["requests"]
        return found

    async def close(self) -> None:
        await self.openai.close()
        await self.anthropic.close()
        await self.google.aclose()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with web_server.serving(build_app()) as url, aiohttp.ClientSession() as session:
        standing = Provider(url, session)
        yield standing
        await standing.close()
