"""A repeated request with its idempotency key is answered again, and run and charged once."""

import asyncio
import uuid

import pytest

from tests.integration.inference_plane.requests import body, frames_of, open_stream, post, text_of
from tests.support.testbed import Testbed, running_testbed

SLOW = {"frames": 30, "frame_delay_ms": 30}


async def _charges(testbed: Testbed) -> int:
    await testbed.until_idle()
    return sum(entry["kind"] == "settled" for entry in await testbed.table.entries("A"))


@pytest.mark.parametrize("streamed", [True, False])
async def test_the_second_call_gets_the_first_ones_answer_and_costs_nothing(
    testbed: Testbed, streamed: bool
) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = await post(testbed, body(stream=streamed), **key)
    second = await post(testbed, body(stream=streamed), **key)
    assert first == second
    assert first[0] == 200
    assert await _charges(testbed) == 1


async def test_ten_calls_at_once_run_once_and_all_get_the_whole_answer(testbed: Testbed) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    answers = await asyncio.gather(*(post(testbed, body(SLOW), **key) for _ in range(10)))
    assert len(set(answers)) == 1
    assert frames_of(answers[0][1])[-1].endswith(b"data: [DONE]")
    assert await _charges(testbed) == 1


async def test_the_same_key_with_another_body_is_a_conflict(testbed: Testbed) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    await post(testbed, body(), **key)
    status, answer = await post(testbed, body({"frames": 3}), **key)
    assert status == 409
    assert b'"idempotency_conflict"' in answer
    assert await _charges(testbed) == 1


@pytest.mark.parametrize("streamed", [True, False])
async def test_an_answer_that_has_expired_is_a_conflict(redis_url: str, streamed: bool) -> None:
    """The key is remembered for longer than the answer: it is not run again under it."""
    async with running_testbed(redis_url, settings={"HEADRACE_REPLAY_S": 0.1}) as testbed:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        assert (await post(testbed, body(stream=streamed), **key))[0] == 200
        await testbed.until_idle()
        await asyncio.sleep(0.3)
        async with asyncio.timeout(5):
            status, answer = await post(testbed, body(stream=streamed), **key)
        assert status == 409
        assert b"has expired" in answer
        assert await _charges(testbed) == 1


async def test_anothers_key_is_no_business_of_mine(testbed: Testbed) -> None:
    """Idempotency keys belong to an account: B can use the same key as A."""
    await testbed.table.play("grant B 1000 -> applied avail 1000 held 0")
    key = {"Idempotency-Key": "the-same-word"}
    await post(testbed, body({"text": "for A"}), **key)
    client = testbed.client("B")
    answer = await client.chat.completions.create(
        model="gpt-5",
        messages=[{"role": "user", "content": 'sim: {"text": "for B"}'}],
        extra_headers=key,
    )
    assert answer.choices[0].message.content == "for B"


async def test_a_call_that_was_refused_may_be_sent_again_under_its_key(testbed: Testbed) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    status, _ = await post(testbed, body({"status": 400}), **key)
    assert status == 400
    status, _ = await post(testbed, body(), **key)
    assert status == 200


async def test_a_stream_cut_by_a_sleeping_laptop_is_resumed_where_it_was_cut(
    testbed: Testbed,
) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    async with open_stream(testbed, body(SLOW), **key) as answer:
        received = [(await answer.content.readuntil(b"\n\n")).rstrip() for _ in range(8)]
    last = received[-1].partition(b"\n")[0].removeprefix(b"id: ").decode()
    status, rest = await post(testbed, body(SLOW), **key, **{"Last-Event-ID": last})
    assert status == 200
    _, whole = await post(testbed, body(SLOW), **key)
    assert received + frames_of(rest) == frames_of(whole)
    assert text_of(whole).count("simulated") >= 1
    assert await _charges(testbed) == 1


async def test_a_caller_who_disconnected_early_repeats_the_request_and_gets_the_answer(
    redis_url: str,
) -> None:
    """A keep-alive is not an answer: nothing was charged, so the key can be used again."""
    async with running_testbed(redis_url, settings={"HEADRACE_KEEP_ALIVE_S": 0.4}) as testbed:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        late = body({"first_delay_ms": 1_500, "text": "thought through"})
        async with open_stream(testbed, late, **key) as answer:
            assert (await answer.content.readuntil(b"\n\n")).startswith(b":")
        async with asyncio.timeout(5):
            while await testbed.redis.keys("*:i:A:*"):
                await asyncio.sleep(0.05)
        _, replayed = await post(testbed, late, **key)
        assert text_of(replayed) == "thought through"
        assert frames_of(replayed)[-1].endswith(b"data: [DONE]")
        assert await _charges(testbed) == 1


async def test_without_a_reader_the_detached_stream_is_stopped_and_charged(redis_url: str) -> None:
    """The time limit is short here; what arrived until then is charged, and no hold is left."""
    async with running_testbed(redis_url, settings={"HEADRACE_UPSTREAM_DRAIN_S": 1}) as testbed:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        endless = {"frames": 100_000, "frame_delay_ms": 20}
        async with open_stream(testbed, body(endless, max_tokens=4_000), **key) as answer:
            await answer.content.readuntil(b"\n\n")
        await testbed.until_idle()
        assert await _charges(testbed) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "with space"])
async def test_a_malformed_idempotency_key_is_refused(testbed: Testbed, key: str) -> None:
    status, answer = await post(testbed, body(), **{"Idempotency-Key": key})
    assert status == 400
    assert b"Idempotency-Key" in answer
