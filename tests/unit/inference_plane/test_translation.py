"""What a user wrote arrives as it was written, whichever vendor it is for."""

import json
from typing import Any

import pytest

from inference_plane.core import events
from inference_plane.providers.anthropic.decode import JSON_TOOL, MessagesDecoder
from shared.errors import InvalidRequest
from tests.support.translating import ignored, sent

ODD_TEXTS = [
    "1.10",
    "1e5",
    "true",
    "null",
    "1234567890123456789",
    '{"a": 1, "a": 2}',
    "[1]",
    "",
    " ",
]
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def _answered(text: str) -> list[dict[str, Any]]:
    return [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": text},
    ]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_tools_result_stays_its_text(text: str) -> None:
    body = sent("chat", "google", {"messages": _answered(text)})
    [answer] = body["contents"][-1]["parts"]
    assert answer["functionResponse"]["response"] == {"output": text}


def test_instructions_in_the_middle_stay_in_their_place() -> None:
    messages = [
        {"role": "system", "content": "first"},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "two"},
        {"role": "system", "content": "now be brief"},
        {"role": "user", "content": "three"},
    ]
    claude = sent("chat", "anthropic", {"messages": messages})
    assert [block["text"] for block in claude["system"]] == ["first"]
    texts = [(m["role"], b["text"]) for m in claude["messages"] for b in m["content"]]
    assert texts[2:] == [("user", "<system>\nnow be brief\n</system>"), ("user", "three")]
    gemini = sent("chat", "google", {"messages": messages})
    assert gemini["systemInstruction"] == {"parts": [{"text": "first"}]}
    parts = [part["text"] for content in gemini["contents"] for part in content["parts"]]
    assert parts == ["one", "two", "<system>\nnow be brief\n</system>", "three"]


def test_claudes_instructions_in_the_middle_reach_openai_as_such() -> None:
    messages = [
        {"role": "user", "content": "one"},
        {"role": "system", "content": [{"type": "text", "text": "be brief"}]},
        {"role": "user", "content": "two"},
    ]
    body = sent("messages", "openai", {"max_tokens": 9, "messages": messages})
    assert body["messages"][1] == {"role": "system", "content": "be brief"}


def test_a_picture_in_a_tools_result_of_gemini_is_carried() -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}
    answer = {"name": "look", "response": {"output": "see"}, "parts": [picture]}
    contents = [
        {"role": "user", "parts": [{"text": "hi"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]},
        {"role": "user", "parts": [{"functionResponse": answer}]},
    ]
    body = sent("generate", "anthropic", {"contents": contents})
    [result] = body["messages"][-1]["content"]
    assert [block["type"] for block in result["content"]] == ["text", "image"]
    body = sent("generate", "openai", {"contents": contents})
    assert body["messages"][-1]["content"][0]["type"] == "image_url"


def test_validated_calls_of_gemini_are_a_choice_of_the_model() -> None:
    """What `VALIDATED` adds to `AUTO` is a promise about the arguments, not about the choice."""
    fields = {
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "tools": [{"functionDeclarations": [{"name": "look"}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}},
    }
    assert sent("generate", "openai", fields)["tool_choice"] == "auto"
    assert sent("generate", "anthropic", fields)["tool_choice"] == {"type": "auto"}


def test_claudes_schema_is_read_under_both_of_its_names() -> None:
    wanted = {"type": "json_schema", "schema": {"type": "object", "properties": {}}}
    fields = {"max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    today = sent("messages", "openai", fields | {"output_config": {"format": wanted}})
    assert today["response_format"]["type"] == "json_schema"
    assert sent("messages", "openai", fields | {"output_format": wanted}) == today


@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_of_zero_is_a_seed(seed: int) -> None:
    messages = [{"role": "user", "content": "hi"}]
    assert ignored("chat", "anthropic", {"messages": messages, "seed": seed}) == {"seed"}
    assert sent("chat", "google", {"messages": messages, "seed": seed})["generationConfig"] == {
        "seed": seed
    }


def _claude(name: str, pieces: list[str], *, as_json: bool = False) -> list[Any]:
    """The events of one call of a tool, whose input comes in these pieces."""
    decoder = MessagesDecoder(as_json=as_json)
    block = {"type": "tool_use", "id": "t", "name": name, "input": {}}
    frames: list[dict[str, Any]] = [
        {"type": "content_block_start", "index": 0, "content_block": block},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "input_json_delta", "partial_json": piece},
            }
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
    ]
    return [event for frame in frames for event in decoder.feed(json.dumps(frame).encode())]


@pytest.mark.parametrize("pieces", [[], [""], ['{"a"', ": 1}"]])
def test_a_call_without_arguments_has_an_empty_object(pieces: list[str]) -> None:
    arguments = [e.text for e in _claude("look", pieces) if isinstance(e, events.Arguments)]
    assert "".join(arguments) == ("".join(pieces) or "{}")
    answer = [
        e.text for e in _claude(JSON_TOOL, pieces, as_json=True) if isinstance(e, events.Text)
    ]
    assert "".join(answer) == ("".join(pieces) or "{}")


def test_a_schema_with_googles_types_in_capitals_is_read_as_google_reads_it() -> None:
    """Gemini CLI writes them into the field for JSON Schema, too."""
    own = {"type": "OBJECT", "properties": {"score": {"type": "INTEGER"}}}
    config = {"responseMimeType": "application/json", "responseJsonSchema": own}
    body = sent("generate", "openai", HI["generate"] | {"generationConfig": config})
    schema = body["response_format"]["json_schema"]["schema"]
    assert schema == {"type": "object", "properties": {"score": {"type": "integer"}}}


HI: dict[str, dict[str, Any]] = {
    "chat": {"messages": [{"role": "user", "content": "hi"}]},
    "responses": {"input": "hi"},
    "messages": {"max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
    "generate": {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]},
}
IMAGE = {"type": "image_url", "image_url": {"url": "https://e.org/a.png", "detail": "huge"}}
UNKNOWN_WORDS: list[tuple[str, dict[str, Any], str]] = [
    ("chat", {"tool_choice": "any"}, "tool_choice"),
    ("chat", {"reasoning_effort": "banana"}, "reasoning_effort"),
    ("chat", {"response_format": {"type": "grammar"}}, "response_format.type"),
    ("chat", {"messages": [{"role": "critic", "content": "hi"}]}, "messages[0].role"),
    (
        "chat",
        {"messages": [{"role": "user", "content": [IMAGE]}]},
        "messages[0].content[0].image_url.detail",
    ),
    ("responses", {"reasoning": {"effort": "banana"}}, "reasoning.effort"),
    ("responses", {"tool_choice": "any"}, "tool_choice"),
    ("responses", {"text": {"format": {"type": "grammar"}}}, "text.format.type"),
    ("responses", {"include": ["file_search_call.results"]}, "include"),
    ("messages", {"thinking": {"type": "banana"}}, "thinking.type"),
    ("messages", {"tool_choice": {"type": "function"}}, "tool_choice.type"),
    ("messages", {"output_config": {"effort": "banana"}}, "output_config.effort"),
    (
        "generate",
        {"toolConfig": {"functionCallingConfig": {"mode": "banana"}}},
        "toolConfig.functionCallingConfig.mode",
    ),
    ("generate", {"toolConfig": {"retrievalConfig": {"a": 1}}}, "toolConfig.retrievalConfig"),
    (
        "generate",
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "banana"}}},
        "generationConfig.thinkingConfig.thinkingLevel",
    ),
]


@pytest.mark.parametrize(("surface", "fields", "param"), UNKNOWN_WORDS)
def test_an_unknown_word_is_refused_by_the_callers_own_field(
    surface: str, fields: dict[str, Any], param: str
) -> None:
    for provider in ("openai", "anthropic", "google"):
        with pytest.raises(InvalidRequest) as refused:
            sent(surface, provider, HI[surface] | fields)
        assert refused.value.param == param


def test_a_refused_word_comes_with_those_that_are_accepted() -> None:
    with pytest.raises(InvalidRequest, match="one of `none`, `auto`, `required`"):
        sent("chat", "google", HI["chat"] | {"tool_choice": "any"})
