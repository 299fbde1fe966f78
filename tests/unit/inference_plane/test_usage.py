"""No figure of any provider, in any dialect, can make an event that the books refuse."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from inference_plane.core import events
from inference_plane.core.decoder import Decoder
from inference_plane.core.meter import Meter
from inference_plane.core.prices import Prices
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.google.decode import GenerateDecoder
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.embeddings import EmbeddingsDecoder
from inference_plane.providers.openai.responses import ResponsesDecoder
from shared.credits import BALANCE_MICRO_MAX, MICRO, Price, Tokens
from shared.events import TOKENS_MAX
from tests.support.odd_usage import DIALECTS, odd_usage

CONTEXT = 128_000
DECODERS: dict[str, Callable[[], Decoder]] = {
    "chat": ChatDecoder,
    "responses": ResponsesDecoder,
    "messages": MessagesDecoder,
    "generate": GenerateDecoder,
    "embeddings": EmbeddingsDecoder,
}


def _meter(context: int = CONTEXT, price: int = 2 * MICRO) -> Meter:
    meter = Meter(
        Prices.single(Price.flat(price)), MICRO, prompt_tokens=10, cap=4_096, context=context
    )
    meter.held = meter.first_hold()
    return meter


def _metered(dialect: str, usage: Any, meter: Meter) -> Meter:
    decoder, frames = DECODERS[dialect](), DIALECTS[dialect]
    for payload in frames(usage):
        meter.add(decoder.feed(payload))
    meter.add(decoder.finish())
    return meter


@pytest.mark.parametrize("dialect", DIALECTS)
@given(usage=odd_usage())
def test_whatever_is_reported_is_within_bounds(dialect: str, usage: Any) -> None:
    meter = _metered(dialect, usage, _meter())
    used = meter.final()
    for kind in ("input", "cache_read", "cache_write", "output", "reasoning"):
        assert 0 <= getattr(used, kind) <= TOKENS_MAX
    assert used.reasoning <= used.output
    assert used.prompt <= CONTEXT
    assert used.output <= CONTEXT
    assert meter.complete


@pytest.mark.parametrize("dialect", DIALECTS)
@given(usage=odd_usage())
def test_no_charge_is_more_than_a_balance_can_be(dialect: str, usage: Any) -> None:
    """With no known context and the highest price."""
    meter = _metered(dialect, usage, _meter(context=0, price=2**40))
    assert 0 <= meter.charge() <= BALANCE_MICRO_MAX


def _chat(**usage: Any) -> Meter:
    return _metered("chat", usage, _meter())


@pytest.mark.parametrize("figure", [-5, 10**19, 10**40, CONTEXT + 1, "12", True, [], {}])
def test_a_figure_that_cannot_be_true_is_charged_by_what_flowed(figure: Any) -> None:
    """What was seen: 10 tokens of prompt by our count, and one word."""
    meter = _chat(prompt_tokens=figure, completion_tokens=2)
    assert meter.final() == Tokens(input=10, output=2)
    assert meter.estimated
    meter = _chat(prompt_tokens=9, completion_tokens=figure)
    assert meter.final() == Tokens(input=9, output=1)
    assert meter.estimated
    assert meter.charge() == MICRO


def test_parts_beyond_their_whole_are_clamped_and_marked() -> None:
    meter = _chat(
        prompt_tokens=9,
        completion_tokens=4,
        prompt_tokens_details={"cached_tokens": 50},
        completion_tokens_details={"reasoning_tokens": 70},
    )
    assert meter.final() == Tokens(input=0, cache_read=9, output=4, reasoning=4)
    assert meter.estimated


def test_fractions_are_rounded_up_and_marked() -> None:
    meter = _chat(prompt_tokens=9.5, completion_tokens=4.0)
    assert meter.final() == Tokens(input=10, output=4)
    assert meter.estimated


def test_true_figures_are_charged_as_they_are() -> None:
    meter = _chat(prompt_tokens=CONTEXT, completion_tokens=4, total_tokens=CONTEXT + 4)
    assert meter.final() == Tokens(input=CONTEXT, output=4)
    assert not meter.estimated


def test_a_frame_with_odd_usage_keeps_its_text() -> None:
    decoder = ChatDecoder()
    seen = [each for payload in DIALECTS["chat"]("nonsense") for each in decoder.feed(payload)]
    assert [type(each) for each in seen] == [
        events.Started,
        events.Text,
        events.Finished,
        events.Used,
        events.Ended,
    ]


def test_nonsense_alone_is_not_owed() -> None:
    """Without a word of an answer, a count that says nothing makes nothing of it."""
    meter = _meter()
    meter.add(ChatDecoder().feed(json.dumps({"id": "c", "usage": {"prompt_tokens": -1}}).encode()))
    assert not meter.counted
