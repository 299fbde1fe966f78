"""Callers who disconnect pay for what was delivered, at whatever moment; no hold is left."""

import asyncio
import contextlib
import json

import aiohttp
import pytest

from tests.support.testbed import Testbed, token


async def _disconnect_after(testbed: Testbed, frames: int, directive: dict[str, int]) -> None:
    content = f"hi\nsim: {json.dumps(directive)}"
    message = {"role": "user", "content": content}
    body = {"model": "gpt-5", "stream": True, "messages": [message]}
    async with aiohttp.ClientSession() as session:
        async with session.post(
            f"{testbed.url}/v1/chat/completions",
            json=body,
            headers={"Authorization": f"Bearer {token('A')}"},
        ) as answer:
            for _ in range(frames):
                await answer.content.readuntil(b"\n\n")


@pytest.mark.parametrize("frames", [2, 15])
async def test_a_caller_who_disconnects_mid_stream_pays_for_what_was_delivered(
    testbed: Testbed, frames: int
) -> None:
    await _disconnect_after(testbed, frames, {"frames": 2_000, "frame_delay_ms": 20})
    await testbed.until_idle()
    entry = (await testbed.table.entries("A"))[-1]
    event = json.loads(entry["__data__"])
    assert (entry["kind"], entry["amount"]) == ("settled", "1000000")
    assert (event["status"], event["estimated"]) == ("cancelled", True)
    assert frames - 2 <= event["output_tokens"] <= frames + 15


async def test_a_caller_who_disconnects_before_the_first_token_pays_nothing(
    testbed: Testbed,
) -> None:
    request = asyncio.create_task(_disconnect_after(testbed, 1, {"first_delay_ms": 60_000}))
    while testbed.runtime.heartbeat.open_streams == 0 and not await testbed.redis.keys("*:hx"):
        await asyncio.sleep(0.01)
    request.cancel()
    await testbed.until_idle()
    assert (await testbed.table.account("A"))["avail"] == "1000000000"
    assert (await testbed.table.entries("A"))[-1]["kind"] == "released"


async def test_a_hundred_disconnects_at_any_moment_leave_no_hold(testbed: Testbed) -> None:
    directive = {"frames": 60, "frame_delay_ms": 5}

    async def one(after_ms: int) -> None:
        with contextlib.suppress(TimeoutError):  # the late ones read to the end
            await asyncio.wait_for(_disconnect_after(testbed, 500, directive), after_ms / 1000)

    await asyncio.gather(*(one(5 + 7 * i) for i in range(100)))
    await testbed.until_idle()
    account = await testbed.table.account("A")
    entries = await testbed.table.entries("A")
    charged = sum(int(entry["amount"]) for entry in entries)
    assert (account["held"], account["open"]) == ("0", "0")
    assert int(account["avail"]) == 1_000_000_000 - charged
    assert {entry["kind"] for entry in entries} <= {"settled", "released"}
