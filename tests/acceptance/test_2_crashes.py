"""SIGKILL where it hurts: nothing is lost or doubled that the audit can see."""

import asyncio
import json
from collections import Counter

from tests.acceptance.product import Product
from tests.acceptance.streams import (
    client,
    kill_replica,
    outcome,
    until_answers,
    until_clean,
)

SLOW = {"frames": 400, "frame_delay_ms": 50}


async def test_a_replica_killed_mid_stream_is_charged_for_its_last_progress(
    product: Product,
) -> None:
    email = "replica@example.com"
    product.command("user", "create", email, "--tier", "enterprise", "--credits", "1000")
    async with client(product, email) as sdk:
        streams = [asyncio.create_task(outcome(sdk, True, SLOW)) for _ in range(10)]
        await asyncio.sleep(12)
        await asyncio.to_thread(kill_replica, product)
        assert Counter(await asyncio.gather(*streams)) == {"broken": 10}
        await until_answers(sdk)
    report = await until_clean(product)
    assert not report["orphaned_holds"]
    _, usage = product.get("/v1/usage?limit=100", product.token(email))
    # Ten streams of more than 500 tokens would cost two each; they died at about half of that.
    assert usage["summary"]["total_requests"] >= 11
    assert 11 <= usage["summary"]["total_credits_used"] <= 21


async def test_workers_killed_mid_batch_post_every_event_once(product: Product) -> None:
    email = "worker@example.com"
    product.command("user", "create", email, "--tier", "enterprise", "--credits", "1000")
    async with client(product, email) as sdk:
        killing = asyncio.create_task(_kill_often(product, "workers", 3))
        outcomes = [outcome(sdk, i % 2 == 0, {"first_delay_ms": 60 * i}) for i in range(120)]
        assert Counter(await asyncio.gather(*outcomes)) == {"ok": 120}
        await killing
    await asyncio.to_thread(product.until_well)
    await until_clean(product)
    _, usage = product.get("/v1/usage", product.token(email))
    assert usage["summary"]["total_requests"] == 120
    assert usage["summary"]["total_credits_used"] == 120


async def test_valkey_killed_under_load_loses_no_settled_charge(product: Product) -> None:
    email = "valkey@example.com"
    product.command("user", "create", email, "--tier", "enterprise", "--credits", "1000")
    async with client(product, email) as sdk:
        killing = asyncio.create_task(_kill_often(product, "valkey", 3))
        delays = [
            {"frames": 40, "frame_delay_ms": 40, "first_delay_ms": 50 * i} for i in range(150)
        ]
        outcomes = Counter(await asyncio.gather(*(outcome(sdk, True, d) for d in delays)))
        await killing
        await asyncio.to_thread(product.until_well)
        await until_answers(sdk)
    assert set(outcomes) <= {"ok", "service_unavailable"}
    report = await until_clean(product)
    assert not report["drift"], json.dumps(report)
    _, credits_ = product.get("/v1/credits/me", product.token(email))
    _, usage = product.get("/v1/usage", product.token(email))
    assert credits_["remaining_credits"] == 1000 - usage["summary"]["total_credits_used"]
    assert usage["summary"]["total_credits_used"] >= outcomes["ok"]


async def _kill_often(product: Product, part: str, times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(1.5)
        await asyncio.to_thread(product.kill, part)
