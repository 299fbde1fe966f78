"""Customers who stream: short and long answers, some cancelled, some from a provider that fails,
reports no usage, or reports more than it sent.
"""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

FRAMES_MAX = 400
STOP_PROBABILITY = 0.15
_TIMEOUT = aiohttp.ClientTimeout(total=180)


@dataclass
class Observations:
    """What customers saw. `charged` sums the charges in their last frames, in micro-credits."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    charged: int = 0

    @property
    def requests(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Customer:
    """A signed-in user who streams through the edge until cancelled."""

    url: str
    token: str
    observed: Observations

    async def run(self, session: aiohttp.ClientSession) -> None:
        await asyncio.sleep(random.uniform(0, 10))
        while True:
            try:
                outcome = await self._stream(session)
            except (aiohttp.ClientError, TimeoutError, OSError):
                outcome = "broken"
            self.observed.outcomes[outcome] += 1
            # Without credits, or while the product is down, wait longer.
            await asyncio.sleep(random.uniform(1, 6) * (3 if outcome == "refused" else 1))

    async def _stream(self, session: aiohttp.ClientSession) -> str:
        stop_after = random.randint(0, 60) if random.random() < STOP_PROBABILITY else None
        headers = {"Authorization": f"Bearer {self.token}"}
        async with session.post(
            f"{self.url}/v1/chat/completions", json=_question(), headers=headers, timeout=_TIMEOUT
        ) as response:
            if response.status != 200:
                self._refused(await response.text())
                return "refused"
            return await self._read(response, stop_after)

    async def _read(self, response: aiohttp.ClientResponse, stop_after: int | None) -> str:
        frames = 0
        async for line in response.content:
            if line.startswith(b"data: [DONE]"):
                return "ok"
            if b'"credits_used"' in line:
                self.observed.charged += _charged(line)
            frames += line.startswith(b"data: ")
            if stop_after is not None and frames > stop_after:
                return "stopped"
        return "broken"

    def _refused(self, text: str) -> None:
        try:
            self.observed.refusals[str(json.loads(text)["error"]["code"])] += 1
        except (ValueError, KeyError, TypeError):
            self.observed.refusals["not in the standard shape"] += 1


def _question() -> dict[str, Any]:
    directive: dict[str, Any] = {
        "frames": random.randint(1, FRAMES_MAX),
        "frame_delay_ms": random.choice((0, 5, 20, 50)),
    }
    chance = random.random()
    if chance < 0.05:
        directive["usage"] = "missing"
    elif chance < 0.10:
        directive["usage"] = {"completion_tokens": random.randint(1, 4_000)}
    elif chance < 0.13:
        directive["status"] = random.choice((429, 500, 503))
    elif chance < 0.16:
        directive["fail_at_frame"] = random.randint(1, 20)
    content = f"Tell me something.\nsim: {json.dumps(directive)}"
    message = {"role": "user", "content": content}
    return {"model": "gpt-5", "stream": True, "messages": [message]}


def _charged(line: bytes) -> int:
    """The charge in a last frame, in micro-credits."""
    deducted: float = json.loads(line.removeprefix(b"data: "))["credits"]["deducted"]
    return round(deducted * 1_000_000)
