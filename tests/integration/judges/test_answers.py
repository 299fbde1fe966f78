"""What is said, why it ended, what was counted and what it cost: heard through each SDK."""

from typing import Any

import pytest

from tests.support.judges.harness import MODELS, Harness, told
from tests.support.judges.heard import Heard
from tests.support.judges.matrix import Cell, cells

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


async def _ask(harness: Harness, cell: Cell, said: str, *, streamed: bool, **fields: Any) -> Heard:
    judge = harness.judges[cell.surface]
    return await judge.ask(MODELS[cell.provider], judge.user(said), streamed=streamed, **fields)


@cells("plain")
async def test_a_plain_answer_is_heard_whole(harness: Harness, cell: Cell) -> None:
    heard = await _ask(harness, cell, told(text="one two three"), streamed=False)
    _check(heard, cell)
    assert heard.used == heard.prompt + heard.output


@cells("stream")
async def test_a_streamed_answer_is_heard_whole(harness: Harness, cell: Cell) -> None:
    heard = await _ask(harness, cell, told(text="one two three"), streamed=True)
    _check(heard, cell)


def _check(heard: Heard, cell: Cell) -> None:
    assert heard.text == "one two three"
    assert heard.reason == _STOPPED[cell.surface]
    assert heard.prompt > 0
    assert heard.output >= 3
    if cell.surface in _TELLS_CREDITS:
        assert heard.used == heard.prompt + heard.output
        assert heard.credits is not None
        assert heard.credits["deducted"] == heard.used
        assert heard.credits["remaining"] > 0


@pytest.mark.parametrize("streamed", [False, True])
@cells("cached-tokens")
async def test_cached_tokens_are_told_and_priced_as_such(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """A cached token costs half of one that is not."""
    long = told("word " * 40, text="yes", cached_tokens=20)
    before = await _balance(harness)
    heard = await _ask(harness, cell, long, streamed=streamed)
    assert heard.cached == 20
    await harness.testbed.until_idle()
    assert before - await _balance(harness) == heard.prompt - 10 + heard.output


async def _balance(harness: Harness) -> int:
    return int((await harness.testbed.table.account("A"))["avail"]) // 1_000_000


@pytest.mark.parametrize("streamed", [False, True])
@cells("length")
async def test_an_answer_that_was_cut_says_so(harness: Harness, cell: Cell, streamed: bool) -> None:
    limit = {_LIMIT.get(cell.surface, "max_tokens"): 16}
    heard = await _ask(harness, cell, told(frames=200), streamed=streamed, **limit)
    assert heard.reason == _CUT[cell.surface]


_REFUSED = {"chat": {"stop", "content_filter"}, "responses": {"completed", "content_filter"}}
_REFUSED |= {"messages": {"refusal"}, "generate": {"SAFETY", "STOP", "PROHIBITED_CONTENT"}}


@pytest.mark.parametrize("streamed", [False, True])
@cells("refusal")
async def test_a_refusal_is_heard_as_one(harness: Harness, cell: Cell, streamed: bool) -> None:
    """Words of refusal where the surface has them, else a reason that says it."""
    heard = await _ask(harness, cell, told(refusal="I must not."), streamed=streamed)
    assert heard.reason in _REFUSED[cell.surface]
    if cell.provider == "openai" and cell.surface in ("chat", "responses"):
        assert heard.refusal == "I must not."


@cells("counting")
async def test_tokens_are_counted_for_nothing(harness: Harness, cell: Cell) -> None:
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
    """OpenAI refuses `max_tokens` for them: it arrives under the name they know."""
    judge = harness.judges["chat"]
    for name in ("max_tokens", "max_completion_tokens"):
        await judge.ask("o3", judge.user("hi"), **{name: 77})
        sent = await harness.last_body()
        assert (sent.get("max_completion_tokens"), "max_tokens" in sent) == (77, False)
