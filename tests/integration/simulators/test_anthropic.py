"""Anthropic's SDK at the simulated provider."""

import json
from typing import Any

import anthropic
import jsonschema
import pytest

from tests.integration.simulators.conftest import Provider, say, until_error
from tests.integration.simulators.test_openai_chat import PNG, SCHEMA

MODEL = "claude-opus-4-5-20251101"
DATA = PNG.partition(",")[2]
UNBOUNDED: Any = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
"""Structured outputs take no bounds."""

TOOLS: Any = [{"name": name, "input_schema": SCHEMA} for name in ("weather", "forecast")]
THINKING: Any = {"type": "enabled", "budget_tokens": 1024}


def requested(words: str = "hello", /, **directive: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": say(words, **directive)}]
    return {"model": MODEL, "max_tokens": 2000, "messages": messages}


async def test_plain(provider: Provider) -> None:
    answer = await provider.anthropic.messages.create(**requested(frames=3))
    assert [block.type for block in answer.content] == ["text"]
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens == 3
    assert answer._request_id


async def test_stream(provider: Provider) -> None:
    async with provider.anthropic.messages.stream(**requested(text="one two", frames=2)) as stream:
        kinds = [event.type async for event in stream if event.type != "text"]
        answer = await stream.get_final_message()
    assert kinds == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert answer.content[0].text == "one two"  # type: ignore[union-attr]
    assert answer.usage.output_tokens == 2


async def test_limits_and_stop_sequences(provider: Provider) -> None:
    cut = await provider.anthropic.messages.create(**requested() | {"max_tokens": 2})
    assert cut.stop_reason == "max_tokens"
    stopped = await provider.anthropic.messages.create(
        **requested(), stop_sequences=["no model", "simulated"]
    )
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "simulated")


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ({"type": "none"}, []),
        ({"type": "auto"}, []),
        ({"type": "any"}, ["weather"]),
        ({"type": "tool", "name": "forecast"}, ["forecast"]),
    ],
)
async def test_tool_choice(provider: Provider, choice: Any, called: list[str]) -> None:
    answer = await provider.anthropic.messages.create(
        **requested(), tools=TOOLS, tool_choice=choice
    )
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert [call.name for call in calls] == called
    for call in calls:
        jsonschema.validate(call.input, SCHEMA)


async def test_parallel_tools_with_thinking_and_the_turn_after_them(provider: Provider) -> None:
    create = provider.anthropic.messages.create
    body = requested(calls=2, thinking=3)
    async with provider.anthropic.messages.stream(**body, tools=TOOLS, thinking=THINKING) as stream:
        first = await stream.get_final_message()
    assert [block.type for block in first.content] == ["thinking", "tool_use", "tool_use"]
    assert first.stop_reason == "tool_use"
    output = [block.model_dump(exclude_none=True) for block in first.content]
    results = [
        {"type": "tool_result", "tool_use_id": block["id"], "content": "12"} for block in output[1:]
    ]
    turns = [*body["messages"], {"role": "assistant", "content": output}]

    async def go_on(assistant: list[Any], results: list[Any]) -> Any:
        messages = [turns[0], {"role": "assistant", "content": assistant}]
        messages.append({"role": "user", "content": results})
        return await create(
            model=MODEL, max_tokens=2000, messages=messages, tools=TOOLS, thinking=THINKING
        )

    second = await go_on(output, results)
    assert [block.type for block in second.content] == ["thinking", "text"]
    with pytest.raises(anthropic.BadRequestError, match="were found without `tool_result`"):
        await go_on(output, results[:1])
    with pytest.raises(anthropic.BadRequestError, match="were found without `tool_result`"):
        await go_on(output, [{"type": "text", "text": "first"}, *results])
    with pytest.raises(anthropic.BadRequestError, match="unexpected `tool_use_id`"):
        await go_on(output, [*results, results[0] | {"tool_use_id": "toolu_other"}])
    with pytest.raises(anthropic.BadRequestError, match="Expected `thinking`"):
        await go_on(output[1:], results)
    with pytest.raises(anthropic.BadRequestError, match="Invalid `signature`"):
        await go_on([output[0] | {"thinking": "changed"}, *output[1:]], results)


async def test_one_call_when_parallel_calls_are_off(provider: Provider) -> None:
    choice: Any = {"type": "any", "disable_parallel_tool_use": True}
    answer = await provider.anthropic.messages.create(
        **requested(calls=2), tools=TOOLS, tool_choice=choice
    )
    assert len([block for block in answer.content if block.type == "tool_use"]) == 1


async def test_a_tool_without_arguments(provider: Provider) -> None:
    body = requested(tools=[{"name": "now"}])
    async with provider.anthropic.messages.stream(**body) as stream:
        answer = await stream.get_final_message()
    assert answer.content[0].input == {}  # type: ignore[union-attr]


async def test_thinking_may_be_hidden_or_redacted(provider: Provider) -> None:
    create = provider.anthropic.messages.create
    hidden: Any = {"type": "adaptive", "display": "omitted"}
    answer: Any = await create(**requested() | {"model": "claude-opus-5-5"}, thinking=hidden)
    assert answer.content[0].thinking == ""
    body = requested(thinking=1, redacted=True)
    redacted: Any = await create(**body, thinking=THINKING)
    assert redacted.content[0].type == "redacted_thinking"
    body["messages"] += [
        {"role": "assistant", "content": [b.model_dump() for b in redacted.content[:1]]},
        {"role": "user", "content": "go on"},
    ]
    await create(**body)


async def test_vision_and_documents_arrive(provider: Provider) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": DATA}
    pdf = {"type": "base64", "media_type": "application/pdf", "data": DATA}
    text = {"type": "text", "media_type": "text/plain", "data": "plain"}
    content: list[Any] = [
        {"type": "text", "text": say(echo=True)},
        {"type": "image", "source": source},
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        {"type": "document", "source": pdf, "title": "a.pdf"},
        {"type": "document", "source": text},
    ]
    body = requested()
    body["messages"][0]["content"] = content
    answer: Any = await provider.anthropic.messages.create(**body)
    assert json.loads(answer.content[0].text)["messages"][0]["content"] == content
    content[1] = {"type": "image", "source": source | {"data": "@@"}}
    with pytest.raises(anthropic.BadRequestError, match="base64"):
        await provider.anthropic.messages.create(**body)


async def test_json_schema(provider: Provider) -> None:
    form: Any = {"format": {"type": "json_schema", "schema": UNBOUNDED}}
    answer: Any = await provider.anthropic.messages.create(**requested(), output_config=form)
    jsonschema.validate(json.loads(answer.content[0].text), UNBOUNDED)
    loose: Any = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
    with pytest.raises(anthropic.BadRequestError, match="additionalProperties"):
        await provider.anthropic.messages.create(**requested(), output_config=loose)


async def test_the_schemas_name_of_the_beta_needs_its_header(provider: Provider) -> None:
    create = provider.anthropic.messages.create
    fields: Any = {"output_format": {"type": "json_schema", "schema": UNBOUNDED}}
    header = {"anthropic-beta": "structured-outputs-2025-11-13"}
    answer: Any = await create(**requested(), extra_body=fields, extra_headers=header)
    jsonschema.validate(json.loads(answer.content[0].text), UNBOUNDED)
    with pytest.raises(anthropic.BadRequestError, match="output_format: Extra inputs"):
        await create(**requested(), extra_body=fields)


async def test_the_prompt_cache(provider: Provider) -> None:
    create = provider.anthropic.messages.create
    marked: Any = {"type": "ephemeral", "ttl": "1h"}
    system: Any = [{"type": "text", "text": "word " * 2000, "cache_control": marked}]
    first = await create(**requested(), system=system)
    size = first.usage.cache_creation_input_tokens
    assert size is not None
    assert size > 1024
    assert first.usage.cache_creation is not None
    assert first.usage.cache_creation.ephemeral_1h_input_tokens == size
    second = await create(**requested("something else"), system=system)
    assert second.usage.cache_read_input_tokens == size
    assert second.usage.cache_creation_input_tokens == 0
    assert 0 < second.usage.input_tokens < 50
    other: Any = [system[0] | {"text": "other " * 2000}]
    third = await create(**requested(), system=other)
    assert third.usage.cache_read_input_tokens == 0


async def test_a_refusal(provider: Provider) -> None:
    async with provider.anthropic.messages.stream(**requested(refusal="I must not.")) as stream:
        answer = await stream.get_final_message()
    assert answer.stop_reason == "refusal"
    assert answer.stop_details is not None
    assert answer.stop_details.explanation == "I must not."


async def test_counting_and_models(provider: Provider) -> None:
    body = {key: value for key, value in requested().items() if key != "max_tokens"}
    counted = await provider.anthropic.messages.count_tokens(**body)
    answer = await provider.anthropic.messages.create(**requested())
    assert counted.input_tokens == answer.usage.input_tokens
    names = [model.id async for model in provider.anthropic.models.list()]
    assert MODEL in names
    assert (await provider.anthropic.models.retrieve(MODEL)).display_name
    with pytest.raises(anthropic.NotFoundError):
        await provider.anthropic.models.retrieve("unheard-of")


async def test_errors_are_the_vendors(provider: Provider) -> None:
    create = provider.anthropic.messages.create
    with pytest.raises(anthropic.RateLimitError) as limited:
        await create(**requested(status=429, retry_after=9))
    assert limited.value.response.headers["retry-after"] == "9"
    assert limited.value.response.headers["anthropic-ratelimit-requests-remaining"] == "0"
    with pytest.raises(anthropic.APIStatusError) as overloaded:
        await create(**requested(status=529))
    assert overloaded.value.body["error"]["type"] == "overloaded_error"  # type: ignore[index]
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        await create(**requested(error="context_length"))
    with pytest.raises(anthropic.NotFoundError):
        await create(**requested() | {"model": "no-such-model"})
    stranger = provider.anthropic.with_options(api_key="invalid-key")
    with pytest.raises(anthropic.AuthenticationError):
        await stranger.messages.create(**requested())


async def test_an_error_in_the_stream(provider: Provider) -> None:
    stream = await provider.anthropic.messages.create(**requested(error_at_frame=5), stream=True)
    seen, error = await until_error(stream)
    assert [each.type for each in seen if each.type != "ping"] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
    ]
    assert "overloaded_error" in str(error)


BOUNDED = {
    "type": "object",
    "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 9}},
    "additionalProperties": False,
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"max_tokens": None}, "max_tokens: "),
    ({"novel": 1}, "novel: Extra inputs are not permitted"),
    ({"temperature": 1.5}, "temperature: Input should be less than or equal to 1"),
    ({"temperature": 0.5, "top_p": 0.5}, "cannot both be specified"),
    ({"model": "claude-opus-5-5", "temperature": 0.5}, "`temperature` is deprecated"),
    ({"model": "claude-opus-5-5", "thinking": THINKING}, 'Use "thinking.type.adaptive"'),
    ({"thinking": {"type": "adaptive"}}, "adaptive thinking is not supported"),
    ({"max_tokens": 200_000}, "max_tokens: 200000 > 128000"),
    ({"messages": []}, "messages: List should have at least 1 item"),
    ({"messages": [{"role": "assistant", "content": "x"}]}, 'must use the "user" role'),
    ({"messages": [{"role": "user", "content": ""}]}, "must have non-empty content"),
    ({"messages": [{"role": "critic", "content": "x"}]}, 'Unexpected role "critic"'),
    ({"messages": [{"role": "system", "content": "x"}]}, "role 'system' is not supported"),
    (
        {"model": "claude-opus-4-8", "messages": [{"role": "system", "content": "x"}]},
        "a `system` message must follow a `user` message",
    ),
    ({"context_management": {"edits": []}}, "context_management: Extra inputs are not permitted"),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "y": 1}]}]},
        "messages.0.content.0.text.y: Extra inputs are not permitted",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "wish"}]}]},
        "messages.0.content.0: Input tag 'wish' found using 'type' does not match",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
        "text content blocks must be non-empty",
    ),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 1000}},
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "`max_tokens` must be greater than"),
    ({"thinking": THINKING, "temperature": 0.5}, "`temperature` may only be set to 1"),
    ({"thinking": THINKING, "tools": TOOLS, "tool_choice": {"type": "any"}}, "forces tool use"),
    ({"tools": [{"name": "x"}]}, "tools.0.custom.input_schema: Field required"),
    (
        {"tools": [{"name": "x", "input_schema": {"type": "object", "anyOf": []}}]},
        "does not support oneOf, allOf, or anyOf at the top level",
    ),
    ({"tools": [TOOLS[0], TOOLS[0]]}, "Tool names must be unique"),
    ({"tools": [TOOLS[0] | {"name": "a b"}]}, "tools.0.custom.name: String should match pattern"),
    ({"tool_choice": {"type": "any"}}, "may only be specified while providing"),
    ({"stop_sequences": [" "]}, "must contain non-whitespace"),
    (
        {"output_config": {"format": {"type": "json_schema", "schema": BOUNDED}}},
        "output_config.format.schema: For 'integer' type, properties maximum, minimum are not",
    ),
    (
        {"tools": [{"name": "x", "strict": True, "input_schema": BOUNDED}]},
        "tools.0.custom.input_schema: For 'integer' type, properties maximum, minimum are not",
    ),
]


SERVER_TOOL = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
SERVER_RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}


async def test_what_the_vendor_accepts_is_accepted(provider: Provider) -> None:
    """Instructions in the middle, the answer of a hosted tool, and edits of the context."""
    turns = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [SERVER_TOOL, SERVER_RESULT]},
        {"role": "user", "content": "and now"},
        {"role": "system", "content": "be brief"},
    ]
    edits = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
    fields = {"model": "claude-opus-4-8", "messages": turns, "context_management": edits}
    beta = {"anthropic-beta": "context-management-2025-06-27"}
    status, _, answer = await provider.post("/v1/messages", requested() | fields, **beta)
    assert status == 200, answer


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=lambda each: str(each)[:40])
async def test_what_the_vendor_refuses_is_refused(
    provider: Provider, fields: dict[str, Any], message: str
) -> None:
    body = requested() | fields
    status, headers, answer = await provider.post("/v1/messages", body)
    assert status == 400
    assert message in answer["error"]["message"]
    assert answer["error"]["type"] == "invalid_request_error"
    assert answer["request_id"] == headers["request-id"]


async def test_the_version_and_a_limit_are_required(provider: Provider) -> None:
    body = requested()
    status, _, answer = await provider.post("/v1/messages", body, **{"anthropic-version": ""})
    assert (status, answer["error"]["message"]) == (400, "anthropic-version: header is required")
    del body["max_tokens"]
    _, _, answer = await provider.post("/v1/messages", body)
    assert answer["error"]["message"] == "max_tokens: Field required"
    status, _, _ = await provider.post("/v1/messages", body, Authorization="", **{"x-api-key": ""})
    assert status == 401


async def test_turns_of_one_role_are_merged(provider: Provider) -> None:
    body = requested()
    body["messages"] = [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]
    await provider.anthropic.messages.create(**body)
