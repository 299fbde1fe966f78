"""A tool's result goes out with the call that it belongs to, whatever ids a client sends."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core import pairing
from inference_plane.core.prompt import Inexpressible, Prompt, Text, ToolCall, ToolResult, Turn
from tests.support.translating import sent

PROVIDERS = ("openai", "anthropic", "google")
USER = Turn("user", (Text("hi"),))


def _call(call_id: str, name: str = "look") -> ToolCall:
    return ToolCall(call_id, name, "{}")


def _result(call_id: str, text: str = "", name: str = "") -> ToolResult:
    return ToolResult(call_id, name, (Text(text),))


def _rounds(*rounds: tuple[list[ToolCall], list[ToolResult]]) -> Prompt:
    turns = [USER]
    for calls, results in rounds:
        turns += [Turn("assistant", tuple(calls)), Turn("user", tuple(results))]
    return Prompt(turns=tuple(turns))


def _paired(prompt: Prompt) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """By round: what was called, and id, name and text of its results."""
    calls, results = [], []
    for turn in pairing.pair(prompt).turns:
        for part in turn.parts:
            if isinstance(part, ToolCall):
                calls.append((part.id, part.name))
            elif isinstance(part, ToolResult):
                [text] = part.content
                assert isinstance(text, Text)
                results.append((part.id, part.name, text.text))
    return [(*call, [each for each in results if each[0] == call[0]]) for call in calls]


def test_ids_that_start_over_mean_the_nearest_call() -> None:
    prompt = _rounds(
        ([_call("call_0", "weather")], [_result("call_0", "sunny")]),
        ([_call("call_0", "clock")], [_result("call_0", "noon")]),
    )
    (first, _, [weather]), (second, _, [clock]) = _paired(prompt)
    assert (weather[1:], clock[1:]) == (("weather", "sunny"), ("clock", "noon"))
    assert first != second


def test_results_without_ids_belong_to_the_last_round() -> None:
    """A round with ids, whose calls were all answered, then one without."""
    prompt = _rounds(
        ([_call("a")], [_result("a", "first")]),
        ([_call(""), _call("")], [_result("", "second", "look"), _result("", "third", "look")]),
    )
    texts = [results[0][2] for _, _, results in _paired(prompt)]
    assert texts == ["first", "second", "third"]


def test_an_id_of_a_vendor_stays_what_it_is() -> None:
    for call_id in ("toolu_01A-b", "call_9", "x" * 40):
        [(sent_id, _, _)] = _paired(_rounds(([_call(call_id)], [_result(call_id)])))
        assert sent_id == call_id


def test_results_go_out_in_the_order_of_their_calls() -> None:
    calls = [_call("a"), _call("b"), _call("c")]
    prompt = _rounds((calls, [_result("c"), _result("a"), _result("b")]))
    last = pairing.pair(prompt).turns[-1]
    assert [part.id for part in last.parts if isinstance(part, ToolResult)] == ["a", "b", "c"]


def test_a_result_in_the_turn_of_its_call_is_not_lost() -> None:
    turns = (USER, Turn("assistant", (_call("a"), _result("a", "sunny"))))
    [_, calling, answering] = pairing.pair(Prompt(turns=turns)).turns
    assert [type(part) for part in calling.parts] == [ToolCall]
    assert [type(part) for part in answering.parts] == [ToolResult]
    assert answering.role == "user"


@pytest.mark.parametrize("call_id", ["b", ""])
def test_a_result_of_no_call_is_refused(call_id: str) -> None:
    with pytest.raises(Inexpressible):
        pairing.pair(_rounds(([_call("a")], [_result("a"), _result(call_id)])))


@st.composite
def _conversations(draw: st.DrawFn) -> list[tuple[list[ToolCall], list[ToolResult]]]:
    """Any ids, the same in several rounds, and results in any order; their text tells the call."""
    ids = st.text(max_size=3) | st.sampled_from(["call_0", "functions.look:0", "x" * 80])
    rounds = []
    for number in range(draw(st.integers(1, 4))):
        sent_ids = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
        calls = [_call(each, f"{number}") for each in sent_ids]
        results = [_result(each, f"{number} {each}") for each in draw(st.permutations(sent_ids))]
        rounds.append((calls, results))
    return rounds


@given(rounds=_conversations())
def test_every_call_gets_its_own_result_and_an_id_that_every_vendor_takes(rounds: Any) -> None:
    sent_calls = [call for calls, _ in rounds for call in calls]
    paired = _paired(_rounds(*rounds))
    assert paired == _paired(_rounds(*rounds))
    assert len({call_id for call_id, _, _ in paired}) == len(paired)
    for call, (call_id, name, results) in zip(sent_calls, paired, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", call_id)
        assert results == [(call_id, name, f"{call.name} {call.id}")]


ROME_FIRST: list[dict[str, Any]] = [
    {"role": "user", "content": "weather?"},
    {
        "role": "assistant",
        "tool_calls": [
            {"id": each, "type": "function", "function": {"name": "weather", "arguments": "{}"}}
            for each in ("functions.weather:0", "functions.weather:1")
        ],
    },
    {"role": "tool", "tool_call_id": "functions.weather:1", "content": "of Rome"},
    {"role": "tool", "tool_call_id": "functions.weather:0", "content": "of Oslo"},
]


@pytest.mark.parametrize("provider", ["anthropic", "google"])
def test_two_calls_of_one_tool_keep_their_answers(provider: str) -> None:
    body = sent("chat", provider, {"messages": ROME_FIRST})
    if provider == "google":
        parts = [part for content in body["contents"] for part in content["parts"]]
        calls = [part["functionCall"]["id"] for part in parts if "functionCall" in part]
        answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
        results = [(each["id"], each["response"]["output"]) for each in answers]
    else:
        blocks = [block for message in body["messages"] for block in message["content"]]
        calls = [block["id"] for block in blocks if block["type"] == "tool_use"]
        answers = [block for block in blocks if block["type"] == "tool_result"]
        results = [(each["tool_use_id"], each["content"][0]["text"]) for each in answers]
    assert results == [(calls[0], "of Oslo"), (calls[1], "of Rome")]


def test_an_older_gemini_matches_by_order_and_gets_no_ids() -> None:
    body = sent("chat", "google", {"messages": ROME_FIRST}, model="gemini-2.0-pro")
    parts = [part for content in body["contents"] for part in content["parts"]]
    answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
    assert [each["response"]["output"] for each in answers] == ["of Oslo", "of Rome"]
    assert "id" not in answers[0]
    assert all("id" not in part["functionCall"] for part in parts if "functionCall" in part)


def _kinds(body: dict[str, Any]) -> list[str]:
    """What follows the calls, as the vendor calls it."""
    if "contents" in body:
        return [next(iter(part)) for turn in body["contents"][2:] for part in turn["parts"]]
    if body["messages"][2]["role"] == "tool":
        return [message["role"] for message in body["messages"][2:]]
    return [block["type"] for turn in body["messages"][2:] for block in turn["content"]]


@pytest.mark.parametrize(
    ("provider", "kinds"),
    [
        ("openai", ["tool", "tool", "system", "user"]),
        ("anthropic", ["tool_result", "tool_result", "text", "text"]),
        ("google", ["functionResponse", "functionResponse", "text", "text"]),
    ],
)
def test_results_follow_their_calls_at_once_whatever_came_between(
    provider: str, kinds: list[str]
) -> None:
    first, second = ROME_FIRST[2:]
    between = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "wait"}]
    messages = [*ROME_FIRST[:2], first, *between, second]
    assert _kinds(sent("chat", provider, {"messages": messages})) == kinds
