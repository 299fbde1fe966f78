"""Google's SDK at the simulated provider."""

import base64
import json
from typing import Any

import jsonschema
import pytest
from google.genai import errors, types

from tests.integration.simulators.conftest import Provider, say, until_error
from tests.integration.simulators.test_openai_chat import PNG, SCHEMA

MODEL = "gemini-3-pro-preview"
OLDER = "gemini-2.0-pro"
LOOSE = {key: value for key, value in SCHEMA.items() if key != "additionalProperties"}
BYTES = base64.b64decode(PNG.partition(",")[2])
TOOL: Any = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(name="weather", parameters_json_schema=SCHEMA),
        types.FunctionDeclaration(
            name="forecast",
            parameters=types.Schema(
                type=types.Type.OBJECT,
                properties={"city": types.Schema(type=types.Type.STRING, min_length=20)},
            ),
        ),
    ]
)


def config(**fields: Any) -> types.GenerateContentConfig:
    off = types.AutomaticFunctionCallingConfig(disable=True)
    return types.GenerateContentConfig(automatic_function_calling=off, **fields)


async def test_plain(provider: Provider) -> None:
    answer = await provider.google.models.generate_content(model=OLDER, contents=say(frames=3))
    assert answer.text == "This answer is"
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    usage = answer.usage_metadata
    assert usage.candidates_token_count == 3
    assert usage.total_token_count == usage.prompt_token_count + 3
    assert answer.model_version == OLDER


async def test_stream(provider: Provider) -> None:
    stream = await provider.google.models.generate_content_stream(
        model=MODEL, contents=say(text="one two", frames=2, thinking=5)
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.text or "" for chunk in chunks) == "one two"
    assert [c.candidates[0].finish_reason for c in chunks] == [None, None, types.FinishReason.STOP]
    assert [c.usage_metadata.candidates_token_count for c in chunks] == [1, 2, 2]
    assert chunks[-1].usage_metadata.thoughts_token_count == 5
    assert chunks[-1].candidates[0].content.parts[0].thought_signature


@pytest.mark.parametrize("path", ["?alt=sse&key=k", "?key=k"])
async def test_a_stream_is_events_or_an_array(provider: Provider, path: str) -> None:
    body = {"contents": [{"parts": [{"text": say(text="one two", frames=2)}]}]}
    url = f"/v1beta/models/{OLDER}:streamGenerateContent{path}"
    status, headers, answer = await provider.post(url, body, **{"x-goog-api-key": ""})
    assert status == 200
    if "sse" in path:
        assert headers["content-type"].startswith("text/event-stream")
        answer = [json.loads(line[6:]) for line in answer.split("\r\n\r\n") if line]
    parts = [chunk["candidates"][0]["content"]["parts"][0]["text"] for chunk in answer]
    assert parts == ["one ", "two", ""]


async def test_thinking_is_returned_on_request(provider: Provider) -> None:
    shown = types.ThinkingConfig(include_thoughts=True, thinking_budget=100)
    answer = await provider.google.models.generate_content(
        model="gemini-2.5-flash", contents=say(), config=config(thinking_config=shown)
    )
    assert [part.thought for part in answer.candidates[0].content.parts] == [True, None]
    off = types.ThinkingConfig(thinking_budget=0)
    answer = await provider.google.models.generate_content(
        model="gemini-2.5-flash", contents=say(), config=config(thinking_config=off)
    )
    assert answer.usage_metadata.thoughts_token_count is None


@pytest.mark.parametrize(
    ("mode", "names", "called"),
    [
        ("NONE", None, []),
        ("AUTO", None, []),
        ("ANY", None, ["weather"]),
        ("ANY", ["forecast"], ["forecast"]),
    ],
)
async def test_tool_choice(provider: Provider, mode: Any, names: Any, called: list[str]) -> None:
    calling = types.FunctionCallingConfig(mode=mode, allowed_function_names=names)
    answer = await provider.google.models.generate_content(
        model=OLDER,
        contents=say(),
        config=config(tools=[TOOL], tool_config=types.ToolConfig(function_calling_config=calling)),
    )
    calls = answer.function_calls or []
    assert [call.name for call in calls] == called
    for call in calls:
        if call.name == "weather":
            jsonschema.validate(call.args, SCHEMA)
        else:
            assert len(call.args["city"]) >= 20


async def test_parallel_tools_and_the_turn_after_them(provider: Provider) -> None:
    generate = provider.google.models.generate_content
    settings = config(tools=[TOOL])
    stream = await provider.google.models.generate_content_stream(
        model=MODEL, contents=say(calls=2), config=settings
    )
    parts = [
        part
        async for chunk in stream
        for part in chunk.candidates[0].content.parts
        if part.function_call
    ]
    assert [part.function_call.name for part in parts] == ["weather", "forecast"]
    assert [bool(part.thought_signature) for part in parts] == [True, False]

    def turn(parts: list[Any], answers: int) -> list[Any]:
        results = [
            types.Part.from_function_response(name=part.function_call.name, response={"t": 1})
            for part in parts[:answers]
        ]
        return [
            types.UserContent(say(calls=2)),
            types.ModelContent(parts),
            types.UserContent(results),
        ]

    answer = await generate(model=MODEL, contents=turn(parts, 2), config=settings)
    assert answer.text
    with pytest.raises(errors.ClientError, match="number of function response parts"):
        await generate(model=MODEL, contents=turn(parts, 1), config=settings)
    bare = [types.Part(function_call=part.function_call) for part in parts]
    with pytest.raises(errors.ClientError, match="missing a thought_signature"):
        await generate(model=MODEL, contents=turn(bare, 2), config=settings)
    await generate(model=OLDER, contents=turn(bare, 2), config=settings)
    forged = parts[0].model_copy(update={"thought_signature": b"forged"})
    with pytest.raises(errors.ClientError, match="Corrupted thought signature"):
        await generate(model=MODEL, contents=turn([forged, parts[1]], 2), config=settings)
    skipped = parts[0].model_copy(update={"thought_signature": b"skip_thought_signature_validator"})
    await generate(model=MODEL, contents=turn([skipped, parts[1]], 2), config=settings)


async def test_vision_and_files_arrive(provider: Provider) -> None:
    parts = [
        types.Part.from_text(text=say(echo=True)),
        types.Part.from_bytes(data=BYTES, mime_type="image/png"),
        types.Part.from_uri(file_uri="https://example.com/a.pdf", mime_type="application/pdf"),
    ]
    answer = await provider.google.models.generate_content(model=OLDER, contents=parts)
    arrived = json.loads(answer.text)["contents"][0]["parts"]
    assert base64.urlsafe_b64decode(arrived[1]["inlineData"]["data"]) == BYTES
    assert arrived[2]["fileData"]["file_uri"] == "https://example.com/a.pdf"
    modalities = {d.modality.value for d in answer.usage_metadata.prompt_tokens_details}
    assert modalities == {"TEXT", "IMAGE", "DOCUMENT"}


@pytest.mark.parametrize("field", ["response_schema", "response_json_schema"])
async def test_json_schema(provider: Provider, field: str) -> None:
    schema: Any = SCHEMA if "json" in field else LOOSE
    answer = await provider.google.models.generate_content(
        model=OLDER,
        contents=say(),
        config=config(response_mime_type="application/json", **{field: schema}),
    )
    jsonschema.validate(json.loads(answer.text), SCHEMA)


async def test_limits_and_logprobs(provider: Provider) -> None:
    generate = provider.google.models.generate_content
    cut = await generate(model=OLDER, contents=say(), config=config(max_output_tokens=2))
    assert cut.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    stopped = await generate(
        model=OLDER,
        contents=say(),
        config=config(
            stop_sequences=["simulated"], response_logprobs=True, logprobs=2, candidate_count=2
        ),
    )
    assert [each.content.parts[0].text for each in stopped.candidates] == ["This answer is "] * 2
    assert len(stopped.candidates[0].logprobs_result.chosen_candidates) == 4


async def test_a_refusal(provider: Provider) -> None:
    answer = await provider.google.models.generate_content(
        model=OLDER, contents=say(refusal="I must not.")
    )
    assert answer.candidates[0].finish_reason == types.FinishReason.SAFETY
    assert answer.text is None


async def test_counting_embeddings_and_models(provider: Provider) -> None:
    models = provider.google.models
    counted = await models.count_tokens(model=OLDER, contents="hello")
    answer = await models.generate_content(model=OLDER, contents="hello")
    assert counted.total_tokens == answer.usage_metadata.prompt_token_count
    embedded = await models.embed_content(
        model="gemini-embedding-001",
        contents=["a", "b"],
        config=types.EmbedContentConfig(output_dimensionality=8),
    )
    assert [len(each.values) for each in embedded.embeddings] == [8, 8]
    names = [model.name async for model in await models.list()]
    assert f"models/{OLDER}" in names
    assert (await models.get(model=OLDER)).display_name
    with pytest.raises(errors.ClientError):
        await models.get(model="unheard-of")


async def test_errors_are_the_vendors(provider: Provider) -> None:
    generate = provider.google.models.generate_content
    with pytest.raises(errors.ClientError) as limited:
        await generate(model=OLDER, contents=say(status=429, retry_after=34))
    assert (limited.value.code, limited.value.status) == (429, "RESOURCE_EXHAUSTED")
    assert limited.value.details["error"]["details"][1]["retryDelay"] == "34s"
    with pytest.raises(errors.ServerError) as overloaded:
        await generate(model=OLDER, contents=say(status=503))
    assert overloaded.value.status == "UNAVAILABLE"
    with pytest.raises(errors.ClientError, match="exceeds the maximum number of tokens"):
        await generate(model=OLDER, contents=say(error="context_length"))
    with pytest.raises(errors.ClientError, match="is not found for API version"):
        await generate(model="no-such-model", contents="hi")
    body = {"contents": [{"parts": [{"text": "hi"}]}]}
    url = f"/v1beta/models/{OLDER}:generateContent"
    status, _, answer = await provider.post(url, body, **{"x-goog-api-key": "invalid"})
    assert status == 400
    assert answer["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    none = {"x-goog-api-key": "", "Authorization": ""}
    status, _, answer = await provider.post(url, body, **none)
    assert (status, answer["error"]["status"]) == (403, "PERMISSION_DENIED")


async def test_an_error_in_the_stream(provider: Provider) -> None:
    stream = await provider.google.models.generate_content_stream(
        model=OLDER, contents=say(error_at_frame=3)
    )
    seen, error = await until_error(stream)
    assert len(seen) == 2
    assert "overloaded" in str(error)


def _parts(**part: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [part]}]}


def _tool(**fields: Any) -> dict[str, Any]:
    return {"tools": [{"functionDeclarations": [{"name": "f"} | fields]}]}


USER_TURN: dict[str, Any] = {"role": "user", "parts": [{"text": "x"}]}
MODEL_TURN: dict[str, Any] = {"role": "model", "parts": [{"text": "x"}]}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"novel": 1}, 'Unknown name "novel": Cannot find field.'),
    ({"generationConfig": {"novel": 1}}, "Unknown name \"novel\" at 'generation_config'"),
    (_parts(txt="x"), "Unknown name \"txt\" at 'contents[0].parts[0]'"),
    (_parts(), "required oneof field 'data' must have one initialized field"),
    (_parts(text=5), "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5"),
    (_parts(inlineData={"mimeType": "image/png", "data": "@@"}), "Base64 decoding failed"),
    ({"contents": []}, "contents is not specified"),
    ({"contents": [{"role": "wizard", "parts": [{"text": "x"}]}]}, "use a valid role"),
    ({"contents": [{"role": "model", "parts": [{"text": "x"}]}]}, "end with a user role or the"),
    ({"contents": [MODEL_TURN, USER_TURN]}, "alternate between user and model"),
    ({"contents": [USER_TURN, MODEL_TURN]}, "ends with a user role or a function response"),
    (
        {"contents": [MODEL_TURN | {"parts": [{"functionCall": {"name": "f"}}]}]},
        "after a user turn",
    ),
    ({"contents": [{"role": "user", "parts": []}]}, "contents.parts must not be empty"),
    (
        {"contents": [{"parts": [{"functionResponse": {"name": "f", "response": {}}}]}]},
        "function response turn comes immediately after",
    ),
    ({"generationConfig": {"temperature": 3}}, "generation_config.temperature: "),
    ({"generation_config": {"max_output_tokens": 0}}, "generation_config.max_output_tokens: "),
    ({"generationConfig": {"responseMimeType": "x/y"}}, "allowed mimetypes are"),
    ({"generationConfig": {"responseSchema": {"type": "OBJECT"}}}, "must be `application/json`"),
    (_tool(name="1 f"), "Invalid function name"),
    (
        _tool(parameters={"type": "OBJECT", "additionalProperties": False}),
        "Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters'",
    ),
    (
        _tool(parameters={"type": "OBJECT", "properties": {"a": {}, "b": {"items": {"const": 1}}}}),
        "at 'tools[0].function_declarations[0].parameters.properties[1].value.items'",
    ),
    ({"generation_config": {"no_vel": 1}}, "Unknown name \"no_vel\" at 'generation_config'"),
    (
        _tool() | {"toolConfig": {"functionCallingConfig": {"mode": "SOME"}}},
        "Invalid value at 'tool_config.function_calling_config.mode'",
    ),
]


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=lambda each: str(each)[:40])
async def test_what_the_vendor_refuses_is_refused(
    provider: Provider, fields: dict[str, Any], message: str
) -> None:
    body = _parts(text="hi") | fields
    status, _, answer = await provider.post(f"/v1beta/models/{OLDER}:generateContent", body)
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert message in answer["error"]["message"]


async def test_names_may_be_in_snake_case(provider: Provider) -> None:
    body = {
        "contents": [{"parts": [{"text": say(echo=True)}]}],
        "system_instruction": {"parts": [{"text": "short"}]},
        "generation_config": {"max_output_tokens": 500, "top_p": 0.5},
    }
    status, _, answer = await provider.post(f"/v1beta/models/{OLDER}:generateContent", body)
    assert status == 200
    assert json.loads(answer["candidates"][0]["content"]["parts"][0]["text"]) == body
