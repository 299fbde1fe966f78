"""Text, finish reason, counts and cost of an answer, as each SDK reads them."""

from typing import Any

import pytest

from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.received import Received

_STOPPED = {
    "chat": "stop",
    "completions": "stop",
    "responses": "completed",
    "messages": "end_turn",
    "generate": "STOP",
}
_CUT = {
    "chat": "length",
    "completions": "length",
    "responses": "max_output_tokens",
    "messages": "max_tokens",
    "generate": "MAX_TOKENS",
}
_LIMIT = {"responses": "max_output_tokens", "generate": "max_output_tokens"}
_TELLS_CREDITS = frozenset({"chat", "completions", "responses", "messages"})
"""google-genai keeps no field that it does not know."""


async def _send(
    harness: Harness, cell: Cell, text: str, *, streamed: bool, **fields: Any
) -> Received:
    judge = harness.judges[cell.surface]
    return await judge.send(MODELS[cell.provider], judge.user(text), streamed=streamed, **fields)


@cells("plain")
async def test_a_buffered_answer_arrives_complete(harness: Harness, cell: Cell) -> None:
    received = await _send(harness, cell, prompt(text="one two three"), streamed=False)
    _check(received, cell)
    assert received.used == received.prompt + received.output


@cells("stream")
async def test_a_streamed_answer_arrives_complete(harness: Harness, cell: Cell) -> None:
    received = await _send(harness, cell, prompt(text="one two three"), streamed=True)
    _check(received, cell)


def _check(received: Received, cell: Cell) -> None:
    assert received.text == "one two three"
    assert received.reason == _STOPPED[cell.surface]
    assert received.prompt > 0
    assert received.output >= 3
    if cell.surface in _TELLS_CREDITS:
        assert received.used == received.prompt + received.output
        assert received.credits is not None
        assert received.credits["deducted"] == received.used
        assert received.credits["remaining"] > 0


@pytest.mark.parametrize("streamed", [False, True])
@cells("cached-tokens")
async def test_cached_tokens_are_reported_and_priced(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """A cached token costs half of an uncached one."""
    long = prompt("word " * 40, text="yes", cached_tokens=20)
    before = await _balance(harness)
    received = await _send(harness, cell, long, streamed=streamed)
    assert received.cached == 20
    await harness.testbed.until_idle()
    assert before - await _balance(harness) == received.prompt - 10 + received.output


async def _balance(harness: Harness) -> int:
    return int((await harness.testbed.table.account("A"))["avail"]) // 1_000_000


@pytest.mark.parametrize("streamed", [False, True])
@cells("length")
async def test_a_truncated_answer_says_so(harness: Harness, cell: Cell, streamed: bool) -> None:
    limit = {_LIMIT.get(cell.surface, "max_tokens"): 16}
    received = await _send(harness, cell, prompt(frames=200), streamed=streamed, **limit)
    assert received.reason == _CUT[cell.surface]


_REFUSED = {"chat": {"stop", "content_filter"}, "responses": {"completed", "content_filter"}}
_REFUSED |= {"messages": {"refusal"}, "generate": {"SAFETY", "STOP", "PROHIBITED_CONTENT"}}


@pytest.mark.parametrize("streamed", [False, True])
@cells("refusal")
async def test_a_refusal_is_reported_as_one(harness: Harness, cell: Cell, streamed: bool) -> None:
    """The refusal's text where the surface has a field for it, else a finish reason."""
    received = await _send(harness, cell, prompt(refusal="I must not."), streamed=streamed)
    assert received.reason in _REFUSED[cell.surface]
    if cell.provider == "openai" and cell.surface in ("chat", "responses"):
        assert received.refusal == "I must not."


@cells("counting")
async def test_counting_tokens_is_free(harness: Harness, cell: Cell) -> None:
    judge: Any = harness.judges[cell.surface]
    model, before = MODELS[cell.provider], await _balance(harness)
    if cell.surface == "messages":
        turns = judge.user("how long is this?")
        counted = await judge.client.messages.count_tokens(model=model, messages=turns)
        count = counted.input_tokens
    else:
        counted = await judge.client.models.count_tokens(model=model, contents="how long?")
        count = counted.total_tokens
    assert count > 0
    assert await _balance(harness) == before


async def test_models_that_reason_take_either_limit(harness: Harness) -> None:
    """OpenAI refuses `max_tokens` for them, so it is sent as `max_completion_tokens`."""
    judge = harness.judges["chat"]
    for name in ("max_tokens", "max_completion_tokens"):
        limit: dict[str, Any] = {name: 77}
        await judge.send("o3", judge.user("hi"), **limit)
        sent = await harness.last_body()
        assert (sent.get("max_completion_tokens"), "max_tokens" in sent) == (77, False)
