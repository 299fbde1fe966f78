"""Disconnects in the middle of a stream, with each SDK: the provider notices, or is read on."""

import asyncio

from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells

_FRAMES = 60
_ENDS = {"openai": "left", "anthropic": "left", "google": "answered"}
"""Google bills an answer to its end whoever reads it, so it is read on and charged as counted."""


@cells("disconnect")
async def test_a_disconnect_reaches_the_provider(harness: Harness, cell: Cell) -> None:
    judge = harness.judges[cell.surface]
    turns = judge.user(prompt(frames=_FRAMES, frame_delay_ms=10))
    more = {"max_tokens": 1_000} if cell.surface == "completions" else {}
    received = asyncio.Event()

    async def listen() -> None:
        async for _ in await judge.open(MODELS[cell.provider], turns, **more):
            received.set()

    listening = asyncio.create_task(listen())
    await received.wait()
    listening.cancel()
    entry = (await harness.journal(1))[-1]
    for _ in range(200):
        entry = (await harness.journal(1))[-1]
        if entry["outcome"] != "open":
            break
        await asyncio.sleep(0.02)
    assert entry["outcome"] == _ENDS[cell.provider]
    assert (entry["frames"] >= _FRAMES) is (cell.provider == "google")
    await harness.testbed.until_idle()
