"""The meter: a hold starts small, grows with its answer, and covers no more than was requested."""

from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core import events
from inference_plane.core.meter import FIRST_ALLOWANCE, OUTPUT_MAX, Meter, output_cap
from inference_plane.core.prices import Prices
from shared.catalogue import Model
from shared.credits import MICRO, Price, Tokens, cost

PRICE = Price.flat(2 * MICRO)
MODEL = Model("m", "p", 1, 1, 1, 1, 128_000, 4_096, 0, "free", True, (), ())


def _meter(prompt: int = 10, cap: int = 4_096) -> Meter:
    return Meter(Prices.single(PRICE), MICRO, prompt, cap)


def test_a_short_prompt_holds_one_credit_however_long_the_answer_may_be() -> None:
    assert _meter().first_hold() == MICRO


def test_the_cap_is_the_minimum_of_request_model_and_output_max() -> None:
    assert output_cap(100, MODEL, 1) == 100
    assert output_cap(None, MODEL, 1) == 4_096
    assert output_cap(50_000, MODEL, 1) == 4_096
    assert output_cap(100, MODEL, 3) == 300
    unlimited = Model("m", "p", 1, 1, 1, 1, 0, 0, 0, "free", True, (), ())
    assert output_cap(None, unlimited, 1) == OUTPUT_MAX


def test_an_extension_is_due_before_the_hold_is_used_up() -> None:
    meter = _meter()
    meter.held = meter.first_hold()
    for _ in range(FIRST_ALLOWANCE * 3 // 4 - 1):
        meter.add([events.Text("x" * 4)])
    assert not meter.extension_due
    meter.add([events.Text("x" * 4)])
    assert meter.extension_due
    assert meter.spent <= meter.first_hold()


@given(st.integers(0, 200_000), st.integers(1, 40_000))
def test_extensions_end_at_the_cap_and_cover_it(prompt: int, cap: int) -> None:
    meter = _meter(prompt, cap)
    meter.held = meter.first_hold()
    for _ in range(64):
        if meter.allowance == cap:
            break
        meter.extended(meter.held + meter.extension_target())
    assert meter.allowance == cap
    assert meter.held >= cost(Tokens(input=prompt, output=cap), PRICE, MICRO)


def test_an_answer_that_looks_longer_than_its_limit_is_held_for_and_not_stopped() -> None:
    meter = Meter(Prices.single(Price.flat(1_000 * MICRO)), MICRO, prompt_tokens=10, cap=16)
    meter.held = meter.first_hold()
    meter.add([events.Text("a long word " * 40)])
    assert meter.overdrawn
    assert meter.extension_due
    meter.extended(meter.held + meter.extension_target())
    assert not meter.overdrawn
    assert not meter.extension_due


def test_a_refused_extension_is_not_requested_again() -> None:
    meter = _meter(cap=16)
    meter.add([events.Text("a long word " * 400)])
    meter.extendable = False
    assert meter.overdrawn
    assert not meter.extension_due


def test_the_providers_own_count_is_charged() -> None:
    meter = _meter(prompt=1_000)
    meter.add([events.Text("x" * 4_000)])
    assert meter.charge() == 4 * MICRO
    meter.add([events.Used(Tokens(input=100, output=400)), events.Ended()])
    assert meter.charge() == MICRO


def test_zero_that_the_provider_counted_is_zero_and_not_missing() -> None:
    meter = _meter(prompt=1_000)
    meter.add([events.Text("x" * 4_000)])
    meter.add([events.Used(Tokens()), events.Ended()])
    assert meter.charge() == 0


def test_an_early_count_does_not_hide_delivered_output() -> None:
    """Anthropic's first count has one output token; a caller may disconnect after it."""
    meter = _meter(prompt=10)
    meter.add([events.Used(Tokens(input=40, output=1))])
    meter.add([events.Text("x" * 4_000)])
    assert meter.final() == Tokens(input=40, output=1_000)
    assert meter.estimated


def test_a_long_prompt_reprices_the_whole_request_cached_tokens_included() -> None:
    """By the length of the whole prompt, as the vendors do; the hold uses our own count."""
    prices = Prices.single(PRICE, Price.flat(4 * MICRO), long_from=1_000)
    short, long = (Meter(prices, MICRO, prompt, 4_096) for prompt in (999, 1_000))
    assert (short.min_hold(), long.min_hold()) == (2 * MICRO, 5 * MICRO)
    short.add([events.Used(Tokens(input=400, cache_read=599, output=1)), events.Ended()])
    long.add([events.Used(Tokens(input=400, cache_read=600, output=0)), events.Ended()])
    assert (short.charge(), long.charge()) == (2 * MICRO, 4 * MICRO)


def test_a_frame_is_at_least_one_token() -> None:
    meter = _meter()
    for _ in range(7):
        meter.add([events.Text("x" * 1)])
    assert meter.output_tokens == 7
    meter.add([events.Text("x" * 400)])
    assert meter.output_tokens == 102


def test_affordable_output_includes_the_prompts_cost() -> None:
    meter = _meter(prompt=500)
    assert meter.affordable_output(2 * MICRO) == 500
    assert meter.affordable_output(0) == 1
