"""A request is charged by what was served; what has no price is charged at the dearest there is."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core import events, hosted_tools
from inference_plane.core.decoder import Decoder
from inference_plane.core.meter import Meter
from inference_plane.core.options import Option
from inference_plane.core.prices import Prices, prices_of
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.google.decode import GenerateDecoder
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.responses import ResponsesDecoder
from shared.catalogue import LongPrompt, Model, Rates
from shared.credits import MICRO, Price, Tokens, cost, unpriced

K = 10_000
"""Prices are so many times the figures in the tests, so that 100 tokens cost the figure."""

MODEL = Model(
    "m",
    "p",
    100 * K,
    10 * K,
    125 * K,
    500 * K,
    1_000_000,
    4_096,
    0,
    "free",
    True,
    (),
    (),
    long=LongPrompt(200_001, 200 * K, 20 * K, 250 * K, 750 * K),
    rates=(
        Rates(
            "standard",
            0,
            {"cache_write_1h": 200 * K, "audio_input": 300 * K, "audio_output": 1_000 * K},
        ),
        Rates("standard", 200_001, {"cache_write_1h": 400 * K}),
        Rates(
            "priority",
            0,
            {"input": 250 * K, "cache_read": 25 * K, "cache_write": 300 * K, "output": 900 * K},
        ),
        Rates("flex", 0, {"input": 50 * K, "output": 250 * K}),
    ),
    fees={"web_search": 10_000},
    factors={"us": 110},
)
PRICES = prices_of(MODEL, {"file_search": 2_500})
HUNDRED = Tokens(input=100)
MILLION = 1_000_000


def _meter(*options: Option) -> Meter:
    meter = Meter(PRICES, 1, prompt_tokens=1_000, cap=4_096)
    meter.expect(options)
    return meter


def _price(*figures: int) -> Price:
    return Price(*(each * K for each in figures))


def test_each_kind_tier_and_step_has_its_own_price() -> None:
    assert PRICES.of(0) == _price(100, 10, 125, 500, 200, 300, 0, 1_000)
    assert PRICES.of(200_001) == _price(200, 20, 250, 750, 400, 300, 0, 1_000)
    assert PRICES.of(0, ["flex"]) == _price(50, 10, 125, 250, 200, 300, 0, 1_000)
    assert PRICES.of(0, ["priority"]).input == 250 * K


def test_a_tier_without_a_price_for_long_prompts_costs_no_less_than_the_standard_one() -> None:
    long = PRICES.of(200_001, ["priority"])
    assert (long.input, long.output, long.cache_write_1h) == (250 * K, 900 * K, 400 * K)


def test_parts_are_charged_at_their_own_price_and_once() -> None:
    price = Price(100, 10, 125, 500, 200, 300, 0, 1_000)
    used = Tokens(input=MILLION, cache_write=MILLION, cache_write_1h=MILLION, audio_input=MILLION)
    assert cost(used, price, 1) == 300 + 200
    assert cost(Tokens(output=MILLION, audio_output=MILLION // 2), price, 1) == 250 + 500


def test_a_part_without_a_price_costs_what_the_dearest_kind_does() -> None:
    price = Price(100, 10, 125, 500)
    assert cost(Tokens(cache_write=MILLION, cache_write_1h=MILLION), price, 1) == 500
    assert cost(Tokens(input=MILLION, image_input=MILLION), price, 1) == 100
    assert unpriced(Tokens(input=9, image_input=9, audio_input=1), price) == ["audio_input"]


def test_a_factor_and_fees_are_added_before_the_one_rounding() -> None:
    price = Price(1, 1, 1, 1)
    assert cost(Tokens(input=500_000), price, 1, percent=110, fees=450) == 1
    assert cost(Tokens(input=500_000), price, 1, percent=110, fees=451) == 2


def test_until_the_answer_names_its_tier_the_dearest_possible_one_counts() -> None:
    """A request for `flex` may be served on the standard tier, one for `priority` as well."""
    for tier, expected in (("flex", 100), ("priority", 250)):
        meter = _meter(Option("tier", (tier,), "service_tier"))
        meter.add([events.Used(HUNDRED), events.Ended()])
        assert meter.charge() == expected
        meter.add([events.Served(tier)])
        assert meter.charge() == {"flex": 50, "priority": 250}[tier]


def test_a_tier_that_the_vendor_chose_is_charged_as_served() -> None:
    meter = _meter()
    meter.add([events.Served("priority"), events.Used(HUNDRED), events.Ended()])
    assert (meter.charge(), meter.unpriced()) == (250, [])


def test_a_tier_without_a_price_is_charged_at_the_dearest_and_named() -> None:
    meter = _meter()
    meter.add([events.Served("ultrafast", "mars", (("file_search", 2),))])
    meter.add([events.Used(HUNDRED), events.Ended()])
    assert meter.charge() == 250 * 110 // 100 + 2 * 2_500 // 1_000
    assert meter.unpriced() == ["tier ultrafast", "region mars", "use file_search"]


def test_uses_are_held_for_before_they_happen_and_charged_as_counted() -> None:
    meter, plain = _meter(Option("use", ("web_search",), "tools[0].type", most=3)), _meter()
    assert meter.min_hold() - plain.min_hold() == 30
    meter.add([events.Served(uses=(("web_search", 5),))])
    assert meter.first_hold() - plain.first_hold() == 50
    meter.add([events.Used(Tokens()), events.Ended()])
    assert meter.charge() == 50
    assert meter.least_charge() == 50


def test_two_ways_to_count_one_search_are_charged_once() -> None:
    uses = {"web_search": 3, "grounded_prompt": 1}
    assert Prices({}, {"web_search": 14}).fees_of(uses) == 42
    assert Prices({}, {"grounded_prompt": 35}, {"web_search": 14}).fees_of(uses) == 35


def test_the_hold_covers_tokens_at_what_they_may_turn_out_to_be() -> None:
    plain = _meter().first_hold()
    cached = _meter(Option("tokens", ("cache_write_1h",), "f")).first_hold()
    spoken = _meter(Option("tokens", ("audio_output",), "f")).first_hold()
    assert plain < cached < spoken


KINDS = st.integers(0, 50_000)


@given(
    st.builds(Tokens, KINDS, KINDS, KINDS, KINDS),
    st.sampled_from(["", "standard", "priority", "flex", "ultrafast"]),
    st.sampled_from(["", "us", "global", "mars"]),
    st.integers(0, 9),
    st.lists(st.sampled_from(["priority", "flex"]), max_size=1),
)
def test_whatever_is_served_costs_no_less_than_its_price(
    used: Tokens, tier: str, region: str, searches: int, requested: list[str]
) -> None:
    meter = _meter(*(Option("tier", (each,), "service_tier") for each in requested))
    meter.add([events.Served(tier, region, (("web_search", searches),))])
    meter.add([events.Used(used), events.Ended()])
    served = [tier] if tier in PRICES.tiers else []
    price = PRICES.of(used.prompt, served or ["standard"])
    percent = 110 if region == "us" else 100
    assert meter.charge() >= cost(used, price, 1, percent, searches * 10_000)


def _served(decoder: Decoder, *payloads: Any) -> dict[str, Any]:
    meter = Meter(Prices.single(Price.flat(MICRO)), MICRO, prompt_tokens=10, cap=100)
    for payload in payloads:
        meter.add(decoder.feed(json.dumps(payload).encode()))
    used = meter.final()
    return {
        "tier": meter.served.tier,
        "region": meter.served.region,
        "uses": meter.served.uses,
        "parts": {part: count for part in ("cache_write_1h", "audio_input", "audio_output",
            "audio_cache_read", "image_output") if (count := getattr(used, part))},
        "written": used.cache_write,
    }  # fmt: skip


def test_openai_names_the_tier_in_every_chunk_and_counts_audio_apart() -> None:
    """Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/object."""
    found = _served(
        ChatDecoder(),
        {"id": "c", "service_tier": "priority", "choices": []},
        {
            "service_tier": "priority",
            "choices": [],
            "usage": {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "prompt_tokens_details": {"audio_tokens": 60, "cache_write_tokens": 30},
                "completion_tokens_details": {"audio_tokens": 40},
            },
        },
    )
    assert found == {
        "tier": "priority",
        "region": "",
        "uses": {},
        "parts": {"audio_input": 60, "audio_output": 40},
        "written": 30,
    }


def test_a_spoken_answer_that_is_cut_off_is_charged_as_audio() -> None:
    meter = Meter(PRICES, 1, prompt_tokens=10, cap=100)
    data = "A" * 32_000
    chunk = {"choices": [{"delta": {"audio": {"id": "a", "data": data}}}]}
    meter.add(ChatDecoder().feed(json.dumps(chunk).encode()))
    assert (meter.final().audio_output, meter.output_tokens) == (10, 10)


def test_openai_reports_each_use_of_a_hosted_tool_as_an_item() -> None:
    """Opening a page is no search; one container costs once, however often it runs code."""
    tools = [{"type": "web_search"}, {"type": "code_interpreter", "container": {"type": "auto"}}]
    items: list[dict[str, Any]] = [
        {"type": "web_search_call", "action": {"type": "search", "query": "q"}},
        {"type": "web_search_call", "action": {"type": "open_page", "url": "u"}},
        {"type": "web_search_call", "action": {"type": "search", "query": "r"}},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "file_search_call"},
        {"type": "message"},
    ]
    from_request = ResponsesDecoder(uses=hosted_tools.uses_by_item({"tools": tools}))
    done = [{"type": "response.output_item.done", "item": item} for item in items]
    ended = {"type": "response.completed", "response": {"service_tier": "flex"}}
    found = _served(from_request, *done, ended)
    assert found["tier"] == "flex"
    assert found["uses"] == {"web_search": 2, "code_execution": 1, "file_search": 1}


def test_anthropic_names_speed_region_searches_and_what_lives_an_hour() -> None:
    """Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages, "Usage"."""
    start = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
        "service_tier": "standard",
        "speed": "fast",
        "inference_geo": "us",
    }
    found = _served(
        MessagesDecoder(runs_code=True),
        {"type": "message_start", "message": {"usage": start}},
        {
            "type": "content_block_start",
            "content_block": {"type": "server_tool_use", "name": "bash_code_execution"},
        },
        {
            "type": "message_delta",
            "usage": {"output_tokens": 5, "server_tool_use": {"web_search_requests": 2}},
        },
    )
    assert found == {
        "tier": "fast",
        "region": "us",
        "uses": {"code_execution": 1, "web_search": 2},
        "parts": {"cache_write_1h": 20},
        "written": 30,
    }


def test_what_a_compaction_used_is_added_to_the_totals() -> None:
    usage = {
        "input_tokens": 10,
        "output_tokens": 5,
        "iterations": [
            {"type": "compaction", "input_tokens": 900, "output_tokens": 90},
            {"type": "message", "input_tokens": 10, "output_tokens": 5},
        ],
    }
    [used] = [
        each
        for each in MessagesDecoder().feed(
            json.dumps({"type": "message_delta", "usage": usage}).encode()
        )
        if isinstance(each, events.Used)
    ]
    assert (used.tokens.input, used.tokens.output) == (910, 95)


def test_google_counts_by_modality_and_names_searches_and_tier() -> None:
    """Source: Gemini API reference, https://ai.google.dev/api/generate-content."""
    grounding = {"webSearchQueries": ["a", "b", ""], "groundingChunks": [{"web": {}}]}
    usage = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "candidatesTokenCount": 50,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 70}],
        "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 30}],
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 20}],
        "serviceTier": "flex",
    }
    chunk = {"candidates": [{"groundingMetadata": grounding}], "usageMetadata": usage}
    found = _served(GenerateDecoder(), chunk, chunk)
    assert found == {
        "tier": "flex",
        "region": "",
        "uses": {"web_search": 2, "grounded_prompt": 1},
        "parts": {"audio_input": 40, "audio_cache_read": 30, "image_output": 20},
        "written": 0,
    }


def test_a_vendors_odd_word_reaches_no_table() -> None:
    meter = _meter()
    meter.add([events.Served("a\0b", "x" * 99)])
    assert (meter.served.tier, meter.served.region) == ("unknown", "unknown")
