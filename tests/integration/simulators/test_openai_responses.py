"""OpenAI's SDK at the simulated provider: responses."""

import json
from typing import Any, cast

import jsonschema
import openai
import pytest

from tests.integration.simulators.conftest import Provider, say, until_error
from tests.integration.simulators.test_openai_chat import PNG, SCHEMA

TOOLS: Any = [
    {"type": "function", "name": name, "parameters": SCHEMA, "strict": True}
    for name in ("weather", "forecast")
]


async def test_plain(provider: Provider) -> None:
    answer = await provider.openai.responses.create(
        model="gpt-5", input=say(text="one two"), max_output_tokens=100
    )
    assert answer.output_text == "one two"
    assert answer.status == "completed"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens


async def test_stream(provider: Provider) -> None:
    stream = await provider.openai.responses.create(
        model="gpt-5", input=say(text="one two", frames=2), stream=True
    )
    events = [event async for event in stream]
    assert [event.type.removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert [getattr(event, "sequence_number", None) for event in events] == list(range(10))
    last: Any = events[-1]
    assert last.response.output_text == "one two"


async def test_an_answer_cut_by_its_limit_is_incomplete(provider: Provider) -> None:
    answer = await provider.openai.responses.create(
        model="gpt-5", input=say(frames=50), max_output_tokens=16
    )
    assert answer.status == "incomplete"
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"


async def test_thinking_is_sealed_and_known_again(provider: Provider) -> None:
    create = provider.openai.responses.create
    requested: Any = {
        "model": "gpt-5",
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"effort": "high", "summary": "auto"},
        "tools": TOOLS,
    }
    stream = await create(input=say(thinking=4, calls=2), stream=True, **requested)
    events = [event async for event in stream]
    last: Any = events[-1]
    first = last.response
    assert [item.type for item in first.output] == ["reasoning", "function_call", "function_call"]
    assert first.output[0].summary[0].text == "The request asks for"
    assert first.usage.output_tokens_details.reasoning_tokens == 4
    turn: Any = [{"role": "user", "content": say(thinking=4, calls=2)}]
    turn += [item.model_dump(exclude_none=True) for item in first.output]
    outputs = [
        {"type": "function_call_output", "call_id": item.call_id, "output": "12"}
        for item in first.output[1:]
    ]
    second = await create(input=turn + outputs, **requested)
    assert second.output_text
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        await create(input=turn + outputs[:1], **requested)
    turn[1]["encrypted_content"] = "gAAAAABforged"
    with pytest.raises(openai.BadRequestError, match="could not be verified"):
        await create(input=turn + outputs, **requested)


async def test_a_stored_response_is_gone_on_from(provider: Provider) -> None:
    create = provider.openai.responses.create
    first = await create(model="gpt-5", input=say(calls=1), tools=TOOLS)
    call: Any = first.output[0]
    jsonschema.validate(json.loads(call.arguments), SCHEMA)
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "12"}
    second = await create(model="gpt-5", input=[output], previous_response_id=first.id)
    assert second.status == "completed"
    with pytest.raises(openai.BadRequestError, match="No tool call found"):
        await create(model="gpt-5", input=[output])
    with pytest.raises(openai.BadRequestError, match="not found"):
        await create(model="gpt-5", input="hi", previous_response_id="resp_unknown")


async def test_vision_and_json_schema(provider: Provider) -> None:
    content: Any = [
        {"type": "input_text", "text": "hi"},
        {"type": "input_image", "image_url": PNG, "detail": "auto"},
    ]
    answer = await provider.openai.responses.create(
        model="gpt-5",
        input=[{"role": "user", "content": content}],
        text={"format": {"type": "json_schema", "name": "x", "schema": SCHEMA, "strict": True}},
    )
    jsonschema.validate(json.loads(answer.output_text), SCHEMA)


async def test_a_refusal(provider: Provider) -> None:
    async with provider.openai.responses.stream(
        model="gpt-5", input=say(refusal="I must not.")
    ) as events:
        answer = await events.get_final_response()
    item: Any = answer.output[0]
    assert item.content[0].refusal == "I must not."


async def test_errors(provider: Provider) -> None:
    create = provider.openai.responses.create
    with pytest.raises(openai.RateLimitError):
        await create(model="gpt-5", input=say(status=429))
    with pytest.raises(openai.BadRequestError) as unknown:
        await create(model="gpt-5", input="hi", extra_body={"novel": 1})
    assert unknown.value.code == "unknown_parameter"
    with pytest.raises(openai.BadRequestError) as kind:
        await create(model="gpt-5", input=cast(Any, [{"type": "wish"}]))
    assert kind.value.param == "input[0].type"
    stream = await create(model="gpt-5", input=say(error_at_frame=6), stream=True)
    seen, error = await until_error(stream)
    assert len(seen) == 5
    assert "had an error" in str(error)
