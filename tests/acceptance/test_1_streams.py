"""Streams as users know them: parallel on a small balance, and a burst that brings a replica."""

import asyncio
import time
from collections import Counter
from typing import Any

import pytest

from tests.acceptance.product import Product
from tests.acceptance.streams import client, outcome, replicas, requesting, until_clean


@pytest.mark.parametrize("streamed", [True, False])
async def test_forty_credits_pay_for_exactly_forty_of_two_hundred_at_once(
    product: Product, streamed: bool
) -> None:
    email = f"forty-{streamed}@example.com".lower()
    product.command("user", "create", email, "--tier", "pro", "--credits", "40")
    async with client(product, email) as sdk:
        outcomes = await asyncio.gather(*(outcome(sdk, streamed) for _ in range(200)))
    assert Counter(outcomes) == {"ok": 40, "insufficient_credits": 160}
    _, credits_ = product.get("/v1/credits/me", product.token(email))
    assert (credits_["remaining_credits"], credits_["held_credits"]) == (0, 0)
    await until_clean(product)


async def test_usage_shows_what_was_streamed(product: Product) -> None:
    product.command("user", "create", "reader@example.com", "--tier", "pro", "--credits", "50")
    async with client(product, "reader@example.com") as sdk:
        for _ in range(3):
            assert await outcome(sdk, streamed=True) == "ok"
    await until_clean(product)
    _, usage = product.get("/v1/usage?limit=2", product.token("reader@example.com"))
    assert usage["pagination"] == {"limit": 2, "offset": 0, "total": 3, "has_more": True}
    assert usage["summary"]["total_credits_used"] == 3
    assert usage["usage"][0]["model_id"] == "gpt-5"
    assert usage["usage"][0]["output_tokens"] == 20


async def test_scaling_up_and_down_cuts_no_stream(
    product: Product,
) -> None:
    email = "burst@example.com"
    product.command("user", "create", email, "--tier", "enterprise", "--credits", "10000")
    assert len(replicas(product)) == 1
    slow = {"frames": 200, "frame_delay_ms": 100}
    async with client(product, email) as sdk:
        long = asyncio.create_task(outcome(sdk, True, {"frames": 700, "frame_delay_ms": 100}))
        burst = [asyncio.create_task(outcome(sdk, True, slow)) for _ in range(220)]
        await _until_replicas(product, 2)
        assert Counter(await asyncio.gather(*burst)) == {"ok": 220}
        await _until_replicas(product, 1)
        assert await long == "ok"
    await until_clean(product)


async def _until_replicas(product: Product, count: int) -> None:
    deadline = time.monotonic() + 90
    while len(replicas(product)) != count:
        assert time.monotonic() < deadline, f"never {count} replicas"
        await asyncio.sleep(0.5)


async def test_every_refusal_through_the_edge_has_the_standard_shape(product: Product) -> None:
    token = product.token()
    refusals: list[tuple[int, Any]] = [
        product.complete("no-token"),
        product.complete(token, model="nobody"),
        product.complete(token, messages=[]),
        product.complete(token, **requesting({"status": 500})),
    ]
    assert [status for status, _ in refusals] == [401, 404, 400, 502]
    assert all('"request_id"' in text for _, text in refusals)
