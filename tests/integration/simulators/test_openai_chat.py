"""OpenAI's SDK at the simulated provider: chat completions."""

import json
from typing import Any

import jsonschema
import openai
import pytest

from tests.integration.simulators.conftest import Provider, say, until_error

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)
SCHEMA: Any = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOLS: Any = [
    {"type": "function", "function": {"name": name, "parameters": SCHEMA}}
    for name in ("weather", "forecast")
]


def user(words: str = "hello", /, **directive: Any) -> list[Any]:
    return [{"role": "user", "content": say(words, **directive)}]


async def test_plain(provider: Provider) -> None:
    answer = await provider.openai.chat.completions.create(model="gpt-5", messages=user(frames=3))
    assert answer.choices[0].message.content == "This answer is"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 3
    assert answer.system_fingerprint == "fp_simulated"


async def test_stream(provider: Provider) -> None:
    stream = await provider.openai.chat.completions.create(
        model="gpt-5",
        messages=user(text="one two three", frames=4),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == "one two three"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 4
    assert all(c.usage is None for c in chunks[:-1])


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ("none", []),
        ("auto", []),
        ("required", ["weather"]),
        ({"type": "function", "function": {"name": "forecast"}}, ["forecast"]),
    ],
)
async def test_tool_choice(provider: Provider, choice: Any, called: list[str]) -> None:
    answer = await provider.openai.chat.completions.create(
        model="gpt-5", messages=user(), tools=TOOLS, tool_choice=choice
    )
    calls = answer.choices[0].message.tool_calls or []
    assert [call.function.name for call in calls if call.type == "function"] == called
    for call in calls:
        assert call.type == "function"
        jsonschema.validate(json.loads(call.function.arguments), SCHEMA)


@pytest.mark.parametrize("streamed", [True, False])
async def test_parallel_tools_and_the_turn_after_them(provider: Provider, streamed: bool) -> None:
    messages = user(calls=3)
    requested: Any = {"model": "gpt-5", "tools": TOOLS}
    if streamed:
        async with provider.openai.chat.completions.stream(
            messages=messages, **requested
        ) as events:
            first: Any = await events.get_final_completion()
    else:
        first = await provider.openai.chat.completions.create(messages=messages, **requested)
    calls = first.choices[0].message.tool_calls
    assert [call.function.name for call in calls] == ["weather", "forecast", "weather"]
    assert len({call.id for call in calls}) == 3
    assert first.choices[0].finish_reason == "tool_calls"
    output = first.choices[0].message
    messages.append({"role": "assistant", "content": None, "tool_calls": _plain(output.tool_calls)})
    messages += [{"role": "tool", "tool_call_id": c.id, "content": "12"} for c in calls]
    second = await provider.openai.chat.completions.create(messages=messages, **requested)
    assert second.choices[0].finish_reason == "stop"
    with pytest.raises(openai.BadRequestError, match="did not have response messages"):
        await provider.openai.chat.completions.create(messages=messages[:-1], **requested)
    with pytest.raises(openai.BadRequestError, match="must be a response to a preceeding"):
        await provider.openai.chat.completions.create(
            messages=[messages[0], messages[-1]], **requested
        )


async def test_one_call_when_parallel_calls_are_off(provider: Provider) -> None:
    answer = await provider.openai.chat.completions.create(
        model="gpt-5", messages=user(calls=2), tools=TOOLS, parallel_tool_calls=False
    )
    assert len(answer.choices[0].message.tool_calls or []) == 1


async def test_vision_and_files_arrive(provider: Provider) -> None:
    parts: Any = [
        {"type": "text", "text": say("what is this", echo=True)},
        {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {
            "type": "file",
            "file": {"filename": "a.pdf", "file_data": PNG.replace("image/png", "application/pdf")},
        },
    ]
    answer = await provider.openai.chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": parts}]
    )
    assert json.loads(answer.choices[0].message.content or "")["messages"][0]["content"] == parts


@pytest.mark.parametrize(
    "url", ["ftp://x", "data:text/plain;base64,aGk=", "data:image/png;base64,@@"]
)
async def test_what_is_no_image_is_refused(provider: Provider, url: str) -> None:
    part: Any = {"type": "image_url", "image_url": {"url": url}}
    with pytest.raises(openai.BadRequestError):
        await provider.openai.chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": [part]}]
        )


async def test_json_schema(provider: Provider) -> None:
    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "place", "schema": SCHEMA, "strict": True},
    }
    answer = await provider.openai.chat.completions.create(
        model="gpt-5", messages=user(), response_format=form
    )
    jsonschema.validate(json.loads(answer.choices[0].message.content or ""), SCHEMA)
    loose = json.loads(json.dumps(form))
    del loose["json_schema"]["schema"]["additionalProperties"]
    with pytest.raises(openai.BadRequestError, match="'additionalProperties' is required"):
        await provider.openai.chat.completions.create(
            model="gpt-5", messages=user(), response_format=loose
        )


async def test_json_object_wants_the_word(provider: Provider) -> None:
    form: Any = {"type": "json_object"}
    create = provider.openai.chat.completions.create
    answer = await create(model="gpt-5", messages=user("as JSON"), response_format=form)
    assert json.loads(answer.choices[0].message.content or "") == {"simulated": True}
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        await create(model="gpt-5", messages=user(), response_format=form)


async def test_stop_n_and_logprobs(provider: Provider) -> None:
    answer = await provider.openai.chat.completions.create(
        model="gpt-5",
        messages=user(),
        n=2,
        stop=["simulated"],
        logprobs=True,
        top_logprobs=2,
    )
    assert [choice.message.content for choice in answer.choices] == ["This answer is "] * 2
    logprobs = answer.choices[1].logprobs
    assert logprobs is not None
    assert [len(token.top_logprobs) for token in logprobs.content or []] == [2, 2, 2, 2]
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 8


async def test_thinking_is_counted_and_models_that_think_refuse_older_words(
    provider: Provider,
) -> None:
    create = provider.openai.chat.completions.create
    answer = await create(
        model="gpt-5", messages=user(thinking=5, frames=2), reasoning_effort="low"
    )
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 7
    assert answer.usage.completion_tokens_details is not None
    assert answer.usage.completion_tokens_details.reasoning_tokens == 5
    with pytest.raises(openai.BadRequestError) as refused:
        await create(model="o4-mini", messages=user(), max_tokens=5)
    assert refused.value.param == "max_tokens"
    assert refused.value.code == "unsupported_parameter"


async def test_a_refusal(provider: Provider) -> None:
    async with provider.openai.chat.completions.stream(
        model="gpt-5", messages=user(refusal="I must not.")
    ) as events:
        answer = await events.get_final_completion()
    assert answer.choices[0].message.refusal == "I must not."


async def test_errors_are_the_vendors(provider: Provider) -> None:
    create = provider.openai.chat.completions.create
    with pytest.raises(openai.RateLimitError) as limited:
        await create(model="gpt-5", messages=user(status=429, retry_after=7))
    assert limited.value.code == "rate_limit_exceeded"
    assert limited.value.response.headers["retry-after"] == "7"
    with pytest.raises(openai.BadRequestError) as long:
        await create(model="gpt-5", messages=user(error="context_length"))
    assert long.value.code == "context_length_exceeded"
    with pytest.raises(openai.NotFoundError):
        await create(model="no-such-model", messages=user())
    with pytest.raises(openai.InternalServerError, match="sk-planted"):
        await create(model="gpt-5", messages=user(status=500, secret="sk-planted"))
    stranger = provider.openai.with_options(api_key="invalid-key")
    with pytest.raises(openai.AuthenticationError):
        await stranger.chat.completions.create(model="gpt-5", messages=user())


async def test_an_error_in_the_stream(provider: Provider) -> None:
    stream = await provider.openai.chat.completions.create(
        model="gpt-5", messages=user(error_at_frame=4), stream=True
    )
    seen, error = await until_error(stream)
    assert "had an error" in str(error)
    assert len(seen) == 3


WRONG: list[tuple[dict[str, Any], str, str | None]] = [
    ({"novel": 1}, "Unrecognized request argument supplied: novel", None),
    ({"messages": None}, "Invalid type for 'messages'", "messages"),
    ({"messages": []}, "Invalid 'messages'", "messages"),
    (
        {"messages": [{"role": "wizard", "content": "x"}]},
        "Invalid value: 'wizard'",
        "messages[0].role",
    ),
    ({"messages": [{"role": "user"}]}, "Missing required", "messages[0].content"),
    ({"messages": [{"role": "user", "content": 5}]}, "Invalid type", "messages[0].content"),
    (
        {"messages": [{"role": "user", "content": "x", "y": 1}]},
        "Unknown parameter",
        "messages[0].y",
    ),
    ({"messages": [{"role": "assistant"}]}, "expected a string, got null", "messages.[0].content"),
    ({"temperature": 3}, "Expected a value <= 2, but got 3", "temperature"),
    ({"n": 0}, "Expected a value >= 1, but got 0", "n"),
    ({"stop": ["a"] * 5}, "array too long", "stop"),
    ({"top_logprobs": 2}, "You must set logprobs", "top_logprobs"),
    ({"tool_choice": "auto"}, "only allowed when 'tools'", "tool_choice"),
    ({"tools": []}, "Invalid 'tools'", "tools"),
    ({"stream_options": {"include_usage": True}}, "only allowed when 'stream'", "stream_options"),
    ({"max_tokens": 1, "max_completion_tokens": 1}, "at the same time", "max_tokens"),
    ({"model": None}, "Invalid type for 'model'", "model"),
    ({"reasoning_effort": "none"}, "'minimal', 'low', 'medium', and 'high'", "reasoning_effort"),
    (
        {"model": "gpt-4.1", "reasoning_effort": "low"},
        "'reasoning_effort' is not supported",
        "reasoning_effort",
    ),
]


@pytest.mark.parametrize(("fields", "message", "param"), WRONG, ids=lambda each: str(each)[:40])
async def test_what_the_vendor_refuses_is_refused(
    provider: Provider, fields: dict[str, Any], message: str, param: str | None
) -> None:
    body = {"model": "gpt-5", "messages": user()} | fields
    status, _, answer = await provider.post("/v1/chat/completions", body)
    assert status == 400
    assert message in answer["error"]["message"]
    assert answer["error"]["param"] == param
    assert answer["error"]["type"] == "invalid_request_error"


def _plain(calls: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.function.name, "arguments": call.function.arguments},
        }
        for call in calls
    ]


@pytest.mark.parametrize(("kind", "status"), [("image/jpg", 200), ("image/bmp", 400)])
async def test_a_pictures_type_may_be_spelled_jpg(
    provider: Provider, kind: str, status: int
) -> None:
    picture = {"type": "image_url", "image_url": {"url": f"data:{kind};base64,aGk="}}
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": [picture]}]}
    assert (await provider.post("/v1/chat/completions", body))[0] == status
