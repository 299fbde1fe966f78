"""One running testbed with a model of each provider, and an SDK of each vendor as its client.

A token costs one credit, a cached one half, so the charge shows what was counted.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from shared import keyspace
from shared.catalogue import Model, Route
from shared.credits import MICRO
from tests.support.judges.anthropic_messages import MessagesJudge
from tests.support.judges.google_generate import GenerateJudge
from tests.support.judges.openai_chat import ChatJudge, CompletionsJudge
from tests.support.judges.openai_responses import ResponsesJudge
from tests.support.judges.received import Judge
from tests.support.testbed import OPTIONS, Testbed, model, publish, running_testbed, token

JUDGES = (ChatJudge, CompletionsJudge, ResponsesJudge, MessagesJudge, GenerateJudge)
MODELS = {"openai": "gpt-5", "anthropic": "claude", "google": "gemini"}
EMBEDDERS = {"openai": "vectors", "google": "gemini-embedding-001"}
_ROUTES = {
    "gpt-5": Route("openai", "gpt-5.1"),
    "claude": Route("anthropic", "claude-sonnet-4-5"),
    "gemini": Route("google", "gemini-3-pro-preview"),
    "gemini-older": Route("google", "gemini-2.5-flash"),
    "o3": Route("openai", "o3"),
    "gpt-4.1": Route("openai", "gpt-4.1"),
    "claude-newer": Route("anthropic", "claude-opus-4-8"),
}
_TOKEN = MICRO * 1_000_000


class Harness:
    """A testbed and its judges. `last_body` is the last request that the provider received."""

    def __init__(self, testbed: Testbed) -> None:
        self.testbed = testbed
        self.judges: dict[str, Judge] = {}
        for kind in JUDGES:
            judge: Any = kind(testbed.url, token("A"))
            self.judges[judge.surface] = judge

    async def journal(self, last: int = 5) -> list[dict[str, Any]]:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{self.testbed.provider}/sim/requests?last={last}") as answer:
                entries: list[dict[str, Any]] = (await answer.json())["requests"]
                return entries

    async def last_body(self) -> dict[str, Any]:
        body = (await self.journal(1))[-1]["body"]
        assert isinstance(body, dict)
        return body

    async def reset_circuits(self) -> None:
        """Forgets the failures that tests provoked, for which a key's circuit would open."""
        async for key in self.testbed.redis.scan_iter(f"{keyspace.circuit_key('*')}"):
            await self.testbed.redis.delete(key)
        await self.testbed.redis.delete(keyspace.CIRCUITS_OPEN)
        self.testbed.runtime.circuits.open.clear()

    async def close(self) -> None:
        for judge in self.judges.values():
            await judge.close()


def models() -> tuple[Model, ...]:
    price = {
        "input_price": _TOKEN,
        "cache_read_price": _TOKEN // 2,
        "cache_write_price": _TOKEN,
        "output_price": _TOKEN,
    }
    own = [model(name, routes=(route,), **OPTIONS, **price) for name, route in _ROUTES.items()]
    embeds = {"capabilities": ("embedding",), "max_output_tokens": 0}
    vectors = {
        "vectors": Route("openai", "text-embedding-3-small"),
        "gemini-embedding-001": Route("google", "gemini-embedding-001"),
    }
    own += [model(n, routes=(route,), **embeds, **price) for n, route in vectors.items()]
    return tuple(own)


@asynccontextmanager
async def running_harness(
    redis_url: str, settings: Mapping[str, Any] | None = None, *, credits: int = 1_000_000_000
) -> AsyncIterator[Harness]:
    async with running_testbed(redis_url, credits=credits, settings=settings) as testbed:
        await publish(testbed.redis, *models())
        await testbed.runtime.directory.refresh()
        harness = Harness(testbed)
        try:
            yield harness
        finally:
            await harness.close()


def prompt(text: str = "hi", /, **directive: Any) -> str:
    """A user message with a line that directs the simulated provider."""
    return f"{text}\nsim: {json.dumps(directive)}" if directive else text
