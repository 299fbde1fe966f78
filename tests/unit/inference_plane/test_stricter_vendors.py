"""Valid requests of one vendor, and what a stricter one gets or why it cannot."""

from typing import Any

import pytest

from inference_plane.core.prompt import Inexpressible, Prompt, Reasoning, Text, Turn
from inference_plane.providers.anthropic.encode import encode
from shared.catalogue import Route
from tests.support.translating import sent

STRICT = ("anthropic", "google")
USER, ASSISTANT = {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}
TOOL = {"type": "function", "function": {"name": "look"}}


def _texts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Role and text of every part, in either dialect."""
    turns, parts = (
        body.get("contents") or body["messages"],
        "parts" if "contents" in body else "content",
    )
    return [(turn["role"], part["text"]) for turn in turns for part in turn[parts]]


@pytest.mark.parametrize("provider", STRICT)
@pytest.mark.parametrize("blank", ["", " \n"])
def test_a_blank_message_in_the_middle_is_left_out(provider: str, blank: str) -> None:
    messages = [USER, {"role": "assistant", "content": blank}, USER]
    assert _texts(sent("chat", provider, {"messages": messages})) == [("user", "hi")] * 2


@pytest.mark.parametrize("provider", STRICT)
def test_an_assistant_who_speaks_first_or_last_is_answered(provider: str) -> None:
    model = "claude-opus-4-8" if provider == "anthropic" else ""
    turns = _texts(sent("chat", provider, {"messages": [ASSISTANT, USER, ASSISTANT]}, model))
    assert [text for _, text in turns[1:4]] == ["hello", "hi", "hello"]
    assert [role == "user" for role, _ in turns] == [True, False, True, False, True]
    assert all(text.startswith("<system>") for _, text in (turns[0], turns[4]))


def test_an_older_claude_continues_the_assistants_last_message_itself() -> None:
    body = sent("chat", "anthropic", {"messages": [USER, ASSISTANT]}, "claude-sonnet-4-5")
    assert _texts(body) == [("user", "hi"), ("assistant", "hello")]


@pytest.mark.parametrize("provider", STRICT)
def test_instructions_alone_become_the_question(provider: str) -> None:
    body = sent("chat", provider, {"messages": [{"role": "system", "content": "say hi"}]})
    assert _texts(body) == [("user", "say hi")]
    assert not {"system", "systemInstruction"} & body.keys()


@pytest.mark.parametrize("provider", STRICT)
@pytest.mark.parametrize(
    "messages", [[USER, ASSISTANT, USER | {"content": " "}], [{**USER, "content": ""}]]
)
def test_a_blank_question_is_refused(provider: str, messages: list[Any]) -> None:
    """Without it the vendor would continue the answer before."""
    with pytest.raises(Inexpressible) as refused:
        sent("chat", provider, {"messages": messages})
    assert refused.value.field == "messages"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"stop": ["\n"]}, "stop"), ({"n": 2}, "n"), ({"temperature": 1.5}, "temperature")],
)
def test_what_claude_cannot_do_is_refused_by_name(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Inexpressible) as refused:
        sent("chat", "anthropic", {"messages": [USER]} | fields)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [TOOL], "tool_choice": "required"},
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "look"}}},
        {"response_format": {"type": "json_object"}},
    ],
)
def test_a_forced_tool_goes_without_thoughts(fields: dict[str, Any]) -> None:
    body = sent("chat", "anthropic", {"messages": [USER], "reasoning_effort": "high"} | fields)
    assert body["tool_choice"]["type"] in ("any", "tool")
    assert "thinking" not in body


@pytest.mark.parametrize("written", ["image/jpg", "IMAGE/JPEG", "image/jpeg"])
def test_a_pictures_type_goes_out_under_its_registered_name(written: str) -> None:
    picture = {"type": "image_url", "image_url": {"url": f"data:{written};base64,aGk="}}
    messages = [{"role": "user", "content": [picture]}]
    [block] = sent("chat", "anthropic", {"messages": messages})["messages"][0]["content"]
    assert block["source"]["media_type"] == "image/jpeg"


@pytest.mark.parametrize("effort", ["low", "medium", "high", "xhigh"])
@pytest.mark.parametrize("limit", [None, 2_000, 5_000, 100_000])
def test_thoughts_leave_room_for_the_answer(effort: str, limit: int | None) -> None:
    fields = {"messages": [USER], "reasoning_effort": effort, "max_completion_tokens": limit}
    claude = sent("chat", "anthropic", fields)
    assert claude["thinking"]["budget_tokens"] * 5 <= claude["max_tokens"] * 4
    config = sent("chat", "google", fields, "gemini-2.5-flash")["generationConfig"]
    budget = config["thinkingConfig"]["thinkingBudget"]
    assert limit is None or budget * 5 <= config["maxOutputTokens"] * 4


def test_geminis_budget_fits_its_limit() -> None:
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1_024}, "max_tokens": 500}
    body = sent("messages", "google", {"messages": [USER]} | thinking, "gemini-2.5-flash")
    config = body["generationConfig"]
    assert config["thinkingConfig"]["thinkingBudget"] == 400


def test_a_balance_that_pays_for_no_thoughts_pays_for_an_answer() -> None:
    prompt = Prompt(turns=(Turn("user", (Text("hi"),)),), reasoning=Reasoning("high"))
    body = encode(prompt, Route("anthropic", "claude-sonnet-4-5"), 500).body
    assert b"thinking" not in body


def test_bounds_of_a_schema_become_its_description() -> None:
    schema = {
        "type": "object",
        "properties": {
            "age": {"type": "integer", "minimum": 0, "maximum": 120, "description": "In years"},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}, "minItems": 2},
            "minimum": {"type": "string", "format": "email"},
        },
    }
    written = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    fields = {"messages": [USER], "response_format": written}
    own = sent("chat", "anthropic", fields)["output_config"]["format"]["schema"]["properties"]
    assert own["age"] == {
        "type": "integer",
        "description": "In years\n\n{minimum: 0, maximum: 120}",
    }
    assert own["tags"]["description"] == "{minItems: 2}"
    assert own["tags"]["items"] == {"type": "string", "description": "{maxLength: 9}"}
    assert own["minimum"] == {"type": "string", "format": "email"}
    assert sent("chat", "google", fields)["generationConfig"]["responseJsonSchema"] == schema


@pytest.mark.parametrize(("text", "added"), [("a list, please", True), ("as JSON, please", False)])
def test_json_mode_says_the_word_that_openai_demands(text: str, added: bool) -> None:
    fields = {
        "contents": [{"role": "user", "parts": [{"text": text}]}],
        "generationConfig": {"responseMimeType": "application/json"},
    }
    body = sent("generate", "openai", fields)
    assert body["response_format"] == {"type": "json_object"}
    assert (body["messages"][0]["role"] == "system") == added
