"""What becomes of the provider's answer when its reader has gone: stopped, or read to its end."""

import asyncio
import json
from typing import Any

from tests.integration.inference_plane.requests import asked, body, journal
from tests.support.testbed import Testbed

SLOW = {"frames": 60, "frame_delay_ms": 20}


async def _leave(testbed: Testbed, model: str) -> dict[str, Any]:
    async with asked(testbed, body(SLOW, model=model)) as answer:
        await answer.content.readuntil(b"\n\n")
    await testbed.until_idle()
    await asyncio.sleep(0.2)
    return (await journal(testbed))[-1]


async def test_leaving_stops_the_bill_at_openai_and_anthropic(testbed: Testbed) -> None:
    for model in ("gpt-5", "claude"):
        seen = await _leave(testbed, model)
        assert seen["outcome"] == "left"
        assert seen["frames"] < 60


async def test_google_bills_to_the_end_so_it_is_read_to_the_end_and_charged(
    testbed: Testbed,
) -> None:
    seen = await _leave(testbed, "gemini")
    assert seen["outcome"] == "answered"
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert event["output_tokens"] >= 60
    assert "estimated" not in event
