"""What changes the meaning is carried or refused; a hint that cannot be followed is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.providers.openai import families
from inference_plane.surfaces.reading import Known, Translated, translatable
from shared.errors import InvalidRequest
from tests.support.translating import ignored, sent

HI: dict[str, dict[str, Any]] = {
    "chat": {"messages": [{"role": "user", "content": "hi"}]},
    "responses": {"input": "hi"},
    "messages": {"max_tokens": 3_000, "messages": [{"role": "user", "content": "hi"}]},
    "generate": {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]},
}
GPT, CLAUDE, GEMINI = "openai", "anthropic", "google"
CASES: list[tuple[str, str, str, dict[str, Any], set[str]]] = [
    ("chat", CLAUDE, "", {"seed": 7, "verbosity": "low"}, {"seed", "verbosity"}),
    ("chat", CLAUDE, "", {"store": True, "metadata": {"a": "b"}}, {"store", "metadata"}),
    ("chat", CLAUDE, "", {"store": False, "metadata": {}, "logprobs": False}, set()),
    ("chat", CLAUDE, "", {"presence_penalty": 0, "frequency_penalty": 0.5}, {"frequency_penalty"}),
    ("chat", CLAUDE, "", {"temperature": 0.5, "top_p": 0.5}, {"top_p"}),
    ("chat", CLAUDE, "", {"reasoning_effort": "low", "temperature": 0.5}, {"temperature"}),
    ("chat", CLAUDE, "", {"reasoning_effort": "low", "top_p": 0.5}, {"top_p"}),
    ("chat", CLAUDE, "", {"reasoning_effort": "low", "max_tokens": 1_100}, {"reasoning_effort"}),
    ("chat", CLAUDE, "claude-opus-4-8", {"temperature": 0.5, "top_k": 3}, {"temperature", "top_k"}),
    ("chat", CLAUDE, "claude-3-5-haiku", {"reasoning_effort": "low"}, {"reasoning_effort"}),
    ("chat", GEMINI, "", {"user": "u", "modalities": ["text"]}, {"user"}),
    ("chat", GEMINI, "gemini-2.0-flash", {"reasoning_effort": "low"}, {"reasoning_effort"}),
    ("responses", CLAUDE, "", {"truncation": "auto"}, {"truncation"}),
    ("responses", CLAUDE, "", {"client_metadata": {"a": "b"}}, {"client_metadata"}),
    ("responses", GEMINI, "", {"text": {"verbosity": "low"}}, {"text.verbosity"}),
    ("messages", GPT, "gpt-4.1", {"top_k": 5}, {"top_k"}),
    ("messages", GPT, "gpt-4.1", {"thinking": {"type": "adaptive"}}, {"thinking"}),
    ("messages", GPT, "gpt-4.1", {"thinking": {"type": "disabled"}}, set()),
    ("messages", GPT, "gpt-5", {"temperature": 0.5}, {"temperature"}),
    ("messages", GPT, "gpt-5", {"temperature": 1}, set()),
    ("messages", GPT, "gpt-5", {"context_management": {"edits": [{}]}}, {"context_management"}),
    ("messages", GEMINI, "", {"metadata": {"user_id": "u"}}, {"metadata.user_id"}),
    ("generate", GPT, "gpt-5", {"generationConfig": {"topK": 64}}, {"generationConfig.topK"}),
    ("generate", GPT, "gpt-5", {"generationConfig": {"responseModalities": ["TEXT"]}}, set()),
    ("generate", GPT, "gpt-5", {"generationConfig": {"topP": 0.9}}, {"generationConfig.topP"}),
    ("generate", CLAUDE, "", {"generation_config": {"seed": 1}}, {"generationConfig.seed"}),
    ("generate", CLAUDE, "", {"safetySettings": [{"category": "A"}]}, {"safetySettings"}),
]


@pytest.mark.parametrize(("surface", "provider", "model", "fields", "names"), CASES)
def test_a_hint_that_cannot_be_followed_is_named(
    surface: str, provider: str, model: str, fields: dict[str, Any], names: set[str]
) -> None:
    assert ignored(surface, provider, HI[surface] | fields, model) == names


def test_a_mark_for_the_cache_at_a_call_is_a_hint() -> None:
    function = {"name": "look", "arguments": "{}"}
    mark = {"cache_control": {"type": "ephemeral"}}
    call = {"id": "c", "type": "function", "function": function} | mark
    messages = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "so"} | mark,
    ]
    names = {"messages[].tool_calls[].cache_control", "messages[].cache_control"}
    assert ignored("chat", CLAUDE, {"messages": messages}) == names


def _user(**fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "hi"} | fields]}


INSIDE: list[tuple[str, dict[str, Any], str]] = [
    ("chat", _user(audience="all"), "messages[0].audience"),
    ("chat", {"tools": [{"type": "function", "function": {"name": "a"}, "x": 1}]}, "tools[0].x"),
    ("chat", {"web_search_options": {"a": 1}}, "web_search_options"),
    ("chat", {"modalities": ["text", "audio"]}, "modalities[1]"),
    ("responses", {"input": [{"role": "user", "content": "hi", "x": 1}]}, "input[0].x"),
    ("responses", {"reasoning": {"effort": "low", "x": 1}}, "reasoning.x"),
    (
        "messages",
        _user(content=[{"type": "text", "text": "hi", "x": 1}]),
        "messages[0].content[0].x",
    ),
    ("messages", {"mcp_servers": [{"type": "url"}]}, "mcp_servers"),
    ("generate", {"tools": [{"googleSearch": {}}]}, "tools[0].googleSearch"),
    ("generate", {"generationConfig": {"speechConfig": {"a": 1}}}, "generationConfig.speechConfig"),
]


@pytest.mark.parametrize(("surface", "fields", "path"), INSIDE)
def test_an_unknown_field_is_refused_at_any_depth(
    surface: str, fields: dict[str, Any], path: str
) -> None:
    provider = CLAUDE if surface != "messages" else GPT
    with pytest.raises(InvalidRequest) as refused:
        sent(surface, provider, HI[surface] | fields)
    assert refused.value.param == path


def test_what_clients_copy_from_an_answer_is_accepted() -> None:
    """The official SDKs repeat a message with every field it came with, unset ones as null."""
    echoed: dict[str, Any] = {
        "role": "assistant",
        "content": "hello",
        "refusal": None,
        "annotations": [],
    }
    echoed |= {"audio": None, "function_call": None, "tool_calls": None}
    messages = [*HI["chat"]["messages"], echoed, *HI["chat"]["messages"]]
    assert ignored("chat", CLAUDE, {"messages": messages}) == set()
    body = sent("chat", CLAUDE, {"messages": messages})
    assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]


class _Inner(Known):
    a: int = 0


class _Outer(Known):
    inner: list[_Inner] = []  # noqa: RUF012 - msgspec copies it
    b: str | None = None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abhx") | st.text(), inner),
    )
)
def test_no_value_is_lost_unseen(value: Any) -> None:
    """Whatever the field `x` holds, it is neutral, or its hint is named, or it is refused."""
    fields = {"inner": [{"a": 1, "x": value}], "b": "c"}
    dialect = Translated(_Outer, frozenset({"inner[].x"}))
    neutral = value is None or value is False or value == []
    body, names = translatable(fields, dialect)
    assert body == _Outer([_Inner(1)], "c")
    assert names == (() if neutral else ("inner[].x",))
    assert fields == {"inner": [{"a": 1, "x": value}], "b": "c"}
    if not neutral:
        with pytest.raises(InvalidRequest, match=r"inner\[0\].x"):
            translatable(fields, Translated(_Outer))


@pytest.mark.parametrize(
    ("model", "wanted", "level"),
    [
        ("gpt-5", "none", "minimal"),
        ("gpt-5.1", "minimal", "low"),
        ("gpt-5.1", "xhigh", "high"),
        ("gpt-5.4", "xhigh", "xhigh"),
        ("o4-mini", "none", "low"),
        ("gpt-5-codex", "minimal", "low"),
        ("deepseek-reasoner", "xhigh", "xhigh"),
    ],
)
def test_a_level_of_effort_is_one_that_the_model_has(model: str, wanted: str, level: str) -> None:
    assert families.nearest_effort(model, wanted) == level
    body = sent("messages", GPT, HI["messages"] | {"thinking": {"type": "disabled"}}, model)
    assert body["reasoning_effort"] == families.nearest_effort(model, "none")


def test_newer_claudes_think_by_effort_and_older_ones_by_budget() -> None:
    fields = HI["chat"] | {"reasoning_effort": "medium", "max_tokens": 20_000}
    older = sent("chat", CLAUDE, fields, "claude-sonnet-4-5")
    assert older["thinking"] == {"type": "enabled", "budget_tokens": 8_192}
    newer = sent("chat", CLAUDE, fields, "claude-opus-4-8")
    assert newer["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert newer["output_config"] == {"effort": "medium"}
    off = sent("chat", CLAUDE, fields | {"reasoning_effort": "none"}, "claude-opus-5")
    assert off["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(("limit", "level"), [(None, "HIGH"), (20_000, "MEDIUM"), (500, "LOW")])
def test_newer_geminis_think_by_a_level_that_the_limit_leaves_room_for(
    limit: int | None, level: str
) -> None:
    fields = HI["chat"] | {"reasoning_effort": "high", "max_tokens": limit}
    config = sent("chat", GEMINI, fields, "gemini-3.5-flash")["generationConfig"]
    assert config["thinkingConfig"] == {"includeThoughts": True, "thinkingLevel": level}
