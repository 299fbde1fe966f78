"""A circuit opens for a provider that fails many, never for what one account sends."""

import asyncio
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from inference_plane.runtime.circuits import ACCOUNTS, FAILURES, Circuits
from shared.calls import ScriptCalls, connect
from tests.integration.inference_plane.requests import body, post
from tests.support.testbed import Testbed, token

_EVENTS = st.lists(
    st.sampled_from(["fail", "fail", "fail", "check", "other succeeds", "other checks"]),
    max_size=60,
)


async def _play(redis: Redis, events: list[str]) -> None:
    name, replicas = uuid.uuid4().hex, [Circuits(redis, ScriptCalls(redis)) for _ in range(2)]
    for number, event in enumerate(events):
        circuits = replicas[number % 2]
        if event == "fail":
            await circuits.failed(name, "attacker")
        elif event == "check":
            await circuits.allows(name, "attacker")
        elif event == "other succeeds":
            await circuits.succeeded(name)
        for each in replicas:
            await each.refresh()
            assert await each.allows(name, f"other {number}")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_EVENTS)
def test_one_account_alone_opens_no_circuit(redis_url: str, events: list[str]) -> None:
    """However it mixes its failures with the successes of others."""

    async def play() -> None:
        async with connect(redis_url) as redis:
            await _play(redis, events)

    asyncio.run(play())


async def test_failures_of_several_accounts_open_it(redis_url: str) -> None:
    async with connect(redis_url) as redis:
        circuits = Circuits(redis, ScriptCalls(redis))
        for number in range(FAILURES):
            assert await circuits.allows("key", "z")
            await circuits.failed("key", f"account {number % ACCOUNTS}")
        assert not await circuits.allows("key", "z")


async def test_failures_that_no_request_can_cause_open_it_whoever_asks(redis_url: str) -> None:
    async with connect(redis_url) as redis:
        circuits = Circuits(redis, ScriptCalls(redis))
        for _ in range(FAILURES):
            await circuits.failed("key", "")
        assert not await circuits.allows("key", "a")


async def test_one_account_cannot_keep_it_open(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who failed the last trial waits longer than everybody else for the next."""
    monkeypatch.setattr("inference_plane.runtime.circuits.PAUSE_MS", 100)
    async with connect(redis_url) as redis:
        circuits = Circuits(redis, ScriptCalls(redis))
        for number in range(FAILURES):
            await circuits.failed("key", "attacker" if number > ACCOUNTS else str(number))
        for _ in range(5):
            await circuits.failed("key", "attacker")
        await circuits.refresh()
        await asyncio.sleep(0.12)
        assert not await circuits.allows("key", "attacker")
        assert await circuits.allows("key", "another")


async def test_whoever_makes_a_provider_fail_closes_it_to_nobody(testbed: Testbed) -> None:
    await testbed.table.play("grant B 1000 -> applied avail 1000 held 0")
    for _ in range(4):
        status, _ = await post(testbed, body({"status": 500}))
        assert status == 502
    await testbed.runtime.circuits.refresh()
    assert testbed.runtime.circuits.open == {}
    status, _ = await post(testbed, body(), Authorization=f"Bearer {token('B')}")
    assert status == 200
