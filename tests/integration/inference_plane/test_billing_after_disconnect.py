"""What happens to the provider's answer after a disconnect: it is stopped, or read to its end."""

import asyncio
import json
from typing import Any

from tests.integration.inference_plane.requests import body, journal, open_stream
from tests.support.testbed import Testbed

SLOW = {"frames": 60, "frame_delay_ms": 20}


async def _disconnect(testbed: Testbed, model: str) -> dict[str, Any]:
    async with open_stream(testbed, body(SLOW, model=model)) as answer:
        await answer.content.readuntil(b"\n\n")
    await testbed.until_idle()
    await asyncio.sleep(0.2)
    return (await journal(testbed))[-1]


async def test_a_disconnect_stops_the_bill_at_openai_and_anthropic(testbed: Testbed) -> None:
    for model in ("gpt-5", "claude"):
        entry = await _disconnect(testbed, model)
        assert entry["outcome"] == "left"
        assert entry["frames"] < 60


async def test_google_bills_to_the_end_so_it_is_read_to_the_end_and_charged(
    testbed: Testbed,
) -> None:
    entry = await _disconnect(testbed, "gemini")
    assert entry["outcome"] == "answered"
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert event["output_tokens"] >= 60
    assert "estimated" not in event
