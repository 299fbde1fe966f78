"""Completions through the real application, read by OpenAI's own SDK."""

import asyncio
import json
from collections import Counter
from typing import Any

import jsonschema
import openai
import pytest
from openai import AsyncOpenAI

from tests.support.testbed import Testbed, running_testbed


def say(directive: dict[str, Any] | None = None) -> list[Any]:
    line = f"\nsim: {json.dumps(directive)}" if directive else ""
    return [{"role": "user", "content": f"hello{line}"}]


async def stream(client: AsyncOpenAI, directive: dict[str, Any] | None = None) -> list[Any]:
    answer = await client.chat.completions.create(
        model="gpt-5", messages=say(directive), stream=True
    )
    return [chunk async for chunk in answer]


async def read_until_error(answer: Any) -> tuple[list[Any], openai.APIError]:
    """The chunks before the error frame, and the error. A normal end fails the test."""
    chunks = []
    try:
        async for chunk in answer:
            chunks.append(chunk)  # noqa: PERF401 - the chunks before the error are needed, too
    except openai.APIError as error:
        return chunks, error
    raise AssertionError("the stream ended as if it were complete")


async def test_a_stream_arrives_complete_and_its_last_chunk_has_the_cost(
    testbed: Testbed,
) -> None:
    chunks = await stream(testbed.client(), {"text": "one two three four", "frames": 4})
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == "one two three four"
    last = chunks[-1]
    assert last.choices == []
    assert last.usage.completion_tokens == 4
    assert last.usage.credits_used == 1
    assert last.credits == {"deducted": 1, "remaining": 999}


async def test_a_plain_answer_is_the_same_answer(testbed: Testbed) -> None:
    raw = await testbed.client().chat.completions.with_raw_response.create(
        model="gpt-5", messages=say({"text": "one two"})
    )
    answer = raw.parse()
    assert answer.choices[0].message.content == "one two"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.model_dump()["credits_used"] == 1
    assert raw.headers["x-credits-charged"] == "1"
    assert raw.headers["x-credits-remaining"] == "999"
    assert raw.headers["x-request-id"]


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_forced_tool_is_called_with_arguments_that_fit(
    testbed: Testbed, streamed: bool
) -> None:
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string", "minLength": 3},
            "days": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 7}},
            "unit": {"enum": ["C", "F"]},
        },
        "required": ["city", "days", "unit"],
    }
    tool: Any = {"type": "function", "function": {"name": "forecast", "parameters": schema}}
    choice: Any = {"type": "function", "function": {"name": "forecast"}}
    arguments: dict[str, Any] = {"model": "gpt-5", "messages": say(), "tools": [tool]}
    if streamed:
        async with testbed.client().chat.completions.stream(
            **arguments, tool_choice=choice
        ) as events:
            answer: Any = await events.get_final_completion()
    else:
        answer = await testbed.client().chat.completions.create(**arguments, tool_choice=choice)
    assert answer.choices[0].finish_reason == "tool_calls"
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "forecast"
    jsonschema.validate(json.loads(call.function.arguments), schema)
    entry = (await testbed.table.entries("A"))[-1]
    assert json.loads(entry["__data__"])["operation"] == "function_call"


async def test_structured_output_fits_its_schema(testbed: Testbed) -> None:
    schema = {
        "type": "object",
        "properties": {"when": {"type": "string", "format": "date"}, "n": {"$ref": "#/$defs/n"}},
        "required": ["when", "n"],
        "$defs": {"n": {"type": "number", "minimum": 5}},
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    answer = await testbed.client().chat.completions.create(
        model="gpt-5", messages=say(), response_format=form
    )
    jsonschema.validate(json.loads(answer.choices[0].message.content or ""), schema)


async def test_headers_carry_limits_and_credits(redis_url: str) -> None:
    async with running_testbed(redis_url, rpm=60, tpm=100_000) as testbed:
        client = testbed.client()
        remaining = []
        for _ in range(3):
            raw = await client.chat.completions.with_raw_response.create(
                model="gpt-5", messages=say(), stream=True
            )
            remaining.append(raw.headers["x-ratelimit-remaining-requests"])
            async for _ in raw.parse():
                pass
        assert remaining == ["59", "58", "57"]
        assert raw.headers["x-ratelimit-limit-tokens"] == "100000"
        assert raw.headers["x-ratelimit-limit"] == "60"


@pytest.mark.parametrize("streamed", [True, False])
async def test_forty_credits_pay_for_exactly_forty_of_two_hundred_at_once(
    redis_url: str, streamed: bool
) -> None:
    async with running_testbed(redis_url, credits=40) as testbed:
        client = testbed.client()

        async def one() -> str:
            try:
                if streamed:
                    return "ok" if (await stream(client))[-1].usage else "cut"
                await client.chat.completions.create(model="gpt-5", messages=say())
            except openai.PermissionDeniedError as refused:
                return str(refused.code)
            return "ok"

        outcomes = Counter(await asyncio.gather(*(one() for _ in range(200))))
        assert outcomes == {"ok": 40, "insufficient_credits": 160}
        await testbed.until_idle()
        assert (await testbed.table.account("A"))["avail"] == "0"


async def test_a_long_answer_extends_its_hold_and_is_charged_whole(testbed: Testbed) -> None:
    chunks = await stream(testbed.client(), {"frames": 2_000})
    assert chunks[-1].usage.completion_tokens == 2_000
    assert chunks[-1].usage.credits_used == 5
    account = await testbed.table.account("A")
    assert (account["avail"], account["held"]) == ("995000000", "0")


async def test_the_answers_limit_is_lowered_to_what_the_balance_affords(redis_url: str) -> None:
    async with running_testbed(redis_url, credits=2) as testbed:
        answer = await testbed.client().chat.completions.create(
            model="gpt-5", messages=say({"frames": 3_000})
        )
        assert answer.choices[0].finish_reason == "length"
        assert answer.usage is not None
        assert answer.usage.total_tokens <= 1_000
        assert (await testbed.table.account("A"))["avail"] == "0"


async def test_a_stream_stops_when_credits_run_out(redis_url: str) -> None:
    async with running_testbed(redis_url, credits=3) as testbed:
        client = testbed.client()
        slow = {"frames": 1_400, "frame_delay_ms": 2, "first_delay_ms": 150}

        async def long() -> list[Any]:
            answer = await client.chat.completions.create(
                model="gpt-5", messages=say(slow), stream=True
            )
            chunks, error = await read_until_error(answer)
            assert error.code == "credits_exhausted"
            return chunks

        task = asyncio.create_task(long())
        await asyncio.sleep(0.1)
        for _ in range(2):
            await client.chat.completions.create(model="gpt-5", messages=say())
        chunks = await task
        assert 300 < len(chunks) < 700
        await testbed.until_idle()
        assert (await testbed.table.account("A"))["avail"] == "0"
