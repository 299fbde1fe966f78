"""Aggregating a stream into one answer: nothing is lost, and the vendor's own types accept it."""

import json
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionMessageFunctionToolCall

from deploy.simulators.answers import AnswerSpec, compose
from deploy.simulators.directive import Directive, Tool
from deploy.simulators.openai import chat_frames
from deploy.simulators.openai.requests import ChatRequest, User
from inference_plane.core import sse
from inference_plane.core.aggregate import chat_completion

WIRE = Path(__file__).parents[4] / "shared" / "wire"
RECORDED = sorted([*WIRE.glob("openai_chat/*.chunks.txt"), *WIRE.glob("openai_comp*/*tool*.txt")])


def _chunks(directive: Directive) -> list[dict[str, Any]]:
    head = chat_frames.Head(ChatRequest(model="gpt-5", messages=[User(content="hi")]))
    frames = chat_frames.stream(head, compose(AnswerSpec(directive=directive)))
    return [json.loads(sse.data_of(frame)) for frame in frames[:-1]]


def test_text_is_joined_and_the_reason_kept() -> None:
    answer = chat_completion(_chunks(Directive(text="one two three", frames=3)))
    read = ChatCompletion.model_validate(answer, strict=True)
    assert read.choices[0].message.content == "one two three"
    assert read.choices[0].finish_reason == "stop"


def test_a_tool_call_comes_out_whole() -> None:
    arguments = {"city": "Bern", "days": [1, 2, 3], "deep": {"a": "b" * 40}}
    answer = chat_completion(_chunks(Directive(tool=Tool("forecast", arguments))))
    calls = ChatCompletion.model_validate(answer).choices[0].message.tool_calls
    assert calls is not None
    call = calls[0]
    assert isinstance(call, ChatCompletionMessageFunctionToolCall)
    assert call.function.name == "forecast"
    assert json.loads(call.function.arguments) == arguments
    assert "index" not in answer["choices"][0]["message"]["tool_calls"][0]


def test_parallel_calls_and_choices_are_kept_apart() -> None:
    def chunk(choice: int, call: int, **function: str) -> dict[str, Any]:
        delta = {"tool_calls": [{"index": call, "function": function}]}
        return {"id": "x", "choices": [{"index": choice, "delta": delta, "finish_reason": None}]}

    answer = chat_completion(
        [
            *(chunk(c, t, name=f"f{c}{t}", arguments="") for c in (0, 1) for t in (0, 1)),
            *(chunk(c, t, arguments=f"{{{c}") for c in (0, 1) for t in (0, 1)),
            *(chunk(c, t, arguments=f"{t}}}") for c in (0, 1) for t in (0, 1)),
        ]
    )
    calls = [choice["message"]["tool_calls"] for choice in answer["choices"]]
    assert [[call["function"]["arguments"] for call in each] for each in calls] == [
        ["{00}", "{01}"],
        ["{10}", "{11}"],
    ]


def test_unknown_fields_are_kept() -> None:
    delta = {"content": "a", "reasoning_content": "because "}
    more = {"reasoning_content": "so", "new_thing": {"x": 1}}
    chunks: list[dict[str, Any]] = [
        {"id": "x", "novel": 7, "choices": [{"index": 0, "delta": delta}]},
        {"id": "x", "choices": [{"index": 0, "delta": more, "finish_reason": "stop"}]},
    ]
    answer = chat_completion(chunks)
    message = answer["choices"][0]["message"]
    assert answer["novel"] == 7
    assert message["reasoning_content"] == "because so"
    assert message["new_thing"] == {"x": 1}


def test_a_truncated_answer_has_its_finish_reason() -> None:
    chunks = _chunks(Directive(frames=5))[:-1]
    assert chat_completion(chunks)["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("recording", RECORDED, ids=lambda path: path.stem)
def test_recordings_aggregate_to_what_the_sdk_reads(recording: Path) -> None:
    lines = recording.read_text().splitlines()
    chunks = [json.loads(line) for line in lines if line.strip()]
    text = "".join(
        choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]
    )
    read = ChatCompletion.model_validate(chat_completion(chunks))
    assert (read.choices[0].message.content or "") == text
    assert read.choices[0].finish_reason in ("stop", "tool_calls")
