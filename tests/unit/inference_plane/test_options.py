"""What costs more is found under the caller's own name, or is known to cost nothing more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core import hosted_tools, options
from inference_plane.core.options import Option
from inference_plane.core.prices import STANDARD, Prices
from inference_plane.core.prompt import Media, Prompt, Text, ToolResult, Turn
from inference_plane.providers.anthropic import served
from inference_plane.providers.openai.responses import ResponsesDecoder
from inference_plane.surfaces.table import SURFACES
from shared.credits import Price

FIND = {each.name: each.options for each in SURFACES if each.name == each.column}
_SOUND = {"mimeType": "audio/wav", "data": "UklGRg=="}

FOUND: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("chat", {"service_tier": "priority"}, "tier:priority", "service_tier"),
    ("chat", {"service_tier": "fast"}, "tier:priority", "service_tier"),
    ("chat", {"service_tier": " Flex "}, "tier:flex", "service_tier"),
    ("chat", {"service_tier": 3}, "tier:", "service_tier"),
    ("chat", {"modalities": ["text", "audio"]}, "tokens:audio_output", "modalities"),
    ("chat", {"audio": {"voice": "alloy"}}, "tokens:audio_output", "audio"),
    (
        "chat",
        {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]},
        "tokens:audio_input",
        "messages[0].content[0].input_audio",
    ),
    (
        "chat",
        {"messages": [{"role": "assistant", "audio": {"id": "a"}}]},
        "tokens:audio_input",
        "messages[0].audio",
    ),
    ("chat", {"web_search_options": {}}, "use:web_search", "web_search_options"),
    ("chat", {"tools": [{"type": "web_search"}]}, "other:web_search", "tools[0].type"),
    ("chat", {"search_parameters": {"mode": "on"}}, "other:", "search_parameters"),
    ("chat", {"models": ["dear"]}, "other:", "models"),
    (
        "chat",
        {"prompt_cache_options": {"ttl": "12h"}},
        "tokens:cache_write_12h",
        "prompt_cache_options.ttl",
    ),
    ("responses", {"service_tier": "ultrafast"}, "tier:ultrafast", "service_tier"),
    ("responses", {"tools": [{"type": "web_search"}]}, "use:web_search", "tools[0].type"),
    (
        "responses",
        {"tools": [{"type": "web_search_preview_2025_03_11"}]},
        "use:web_search_preview",
        "tools[0].type",
    ),
    ("responses", {"tools": [{"type": "file_search"}]}, "use:file_search", "tools[0].type"),
    (
        "responses",
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]},
        "use:code_execution",
        "tools[0].type",
    ),
    (
        "responses",
        {"tools": [{"type": "code_interpreter", "container": {"memory_limit": "64g"}}]},
        "use:code_execution_64g",
        "tools[0].type",
    ),
    (
        "responses",
        {"tools": [{"type": "shell", "environment": {"type": "container_auto"}}]},
        "use:code_execution",
        "tools[0].type",
    ),
    (
        "responses",
        {"tools": [{"type": "image_generation"}]},
        "use:image_generation",
        "tools[0].type",
    ),
    ("responses", {"tools": [{"type": "brand_new"}]}, "other:brand_new", "tools[0].type"),
    (
        "responses",
        {"input": [{"type": "additional_tools", "tools": [{"type": "web_search"}]}]},
        "use:web_search",
        "input[0].tools[0].type",
    ),
    (
        "messages",
        {
            "messages": [
                {
                    "role": "system",
                    "content": [
                        {
                            "type": "tool_addition",
                            "tool": {
                                "type": "tool_definition",
                                "definition": {"type": "web_search_20260318"},
                            },
                        }
                    ],
                }
            ]
        },
        "use:web_search",
        "messages[0].content[0].tool.definition.type",
    ),
    ("messages", {"speed": "fast"}, "tier:fast", "speed"),
    ("messages", {"service_tier": "priority"}, "tier:priority", "service_tier"),
    ("messages", {"inference_geo": "us"}, "region:us", "inference_geo"),
    (
        "messages",
        {"system": [{"type": "text", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]},
        "tokens:cache_write_1h",
        "system[0].cache_control.ttl",
    ),
    (
        "messages",
        {"cache_control": {"type": "ephemeral", "ttl": "1h"}},
        "tokens:cache_write_1h",
        "cache_control.ttl",
    ),
    (
        "messages",
        {"messages": [{"content": [{"content": [{"cache_control": {"ttl": "2h"}}]}]}]},
        "tokens:cache_write_2h",
        "messages[0].content[0].content[0].cache_control.ttl",
    ),
    (
        "messages",
        {"tools": [{"name": "f", "cache_control": {"ttl": "1h"}}]},
        "tokens:cache_write_1h",
        "tools[0].cache_control.ttl",
    ),
    ("messages", {"tools": [{"type": "web_search_20260318"}]}, "use:web_search", "tools[0].type"),
    (
        "messages",
        {"tools": [{"type": "code_execution_20260521"}]},
        "use:code_execution",
        "tools[0].type",
    ),
    (
        "messages",
        {"tools": [{"type": "advisor_20260301", "model": "dear"}]},
        "other:advisor_20260301",
        "tools[0].type",
    ),
    ("messages", {"fallbacks": [{"model": "dear"}]}, "other:", "fallbacks"),
    ("generate", {"serviceTier": "SERVICE_TIER_FLEX"}, "tier:flex", "serviceTier"),
    ("generate", {"service_tier": "priority"}, "tier:priority", "serviceTier"),
    (
        "generate",
        {"generation_config": {"response_modalities": ["TEXT", "IMAGE"]}},
        "tokens:image_output",
        "generationConfig.responseModalities",
    ),
    (
        "generate",
        {"contents": [{"parts": [{"inlineData": _SOUND}]}]},
        "tokens:audio_input",
        "contents[0].parts[0].inlineData",
    ),
    (
        "generate",
        {"contents": {"parts": [{"file_data": {"file_uri": "https://youtu.be/x"}}]}},
        "tokens:audio_input",
        "contents.parts[0].fileData",
    ),
    ("generate", {"tools": [{"google_search": {}}]}, "use:web_search", "tools[0].googleSearch"),
    ("generate", {"tools": [{"googleMaps": {}}]}, "use:map_search", "tools[0].googleMaps"),
    ("generate", {"tools": {"exaAiSearch": {}}}, "other:exaAiSearch", "tools[0].exaAiSearch"),
)

PLAIN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat", {"service_tier": "auto", "modalities": ["text"]}),
    ("chat", {"service_tier": "default", "tools": [{"type": "function"}, {"type": "custom"}]}),
    ("chat", {"prompt_cache_options": {"ttl": "30m"}, "prompt_cache_retention": "24h"}),
    ("responses", {"service_tier": None, "tools": [{"type": "mcp"}, {"type": "local_shell"}]}),
    ("responses", {"tools": [{"type": "shell", "environment": {"type": "local"}}]}),
    ("messages", {"service_tier": "standard_only", "speed": "standard", "inference_geo": "global"}),
    ("messages", {"tools": [{"name": "f"}, {"type": "bash_20250124"}, {"type": "custom"}]}),
    ("messages", {"tools": [{"input_schema": {"cache_control": {"ttl": "1h"}}}]}),
    ("messages", {"messages": [{"content": [{"cache_control": {"type": "ephemeral"}}]}]}),
    ("generate", {"serviceTier": "standard", "tools": [{"urlContext": {}, "codeExecution": {}}]}),
    ("generate", {"contents": [{"parts": [{"inlineData": {"mimeType": "image/png"}}]}]}),
    ("generate", {"serviceTier": "SERVICE_TIER_UNSPECIFIED"}),
)


@pytest.mark.parametrize(("surface", "fields", "expected", "field"), FOUND)
def test_what_costs_more_is_found_by_the_callers_own_field(
    surface: str, fields: dict[str, Any], expected: str, field: str
) -> None:
    [first, *_] = FIND[surface](fields)
    assert (f"{first.kind}:{first.names[0] if first.names else ''}", first.field) == (
        expected,
        field,
    )


@pytest.mark.parametrize(("surface", "fields"), PLAIN)
def test_what_costs_nothing_more_is_no_option(surface: str, fields: dict[str, Any]) -> None:
    assert FIND[surface](fields) == []


_NAMES = """type tools messages content input cache_control ttl audio system modalities inlineData
    mimeType contents parts generationConfig container responseModalities service_tier
    inference_geo speed max_uses definition environment memory_limit prompt_cache_options
    googleSearch"""
_KEYS = st.sampled_from(_NAMES.split())
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.just("shell")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=12,
)


@pytest.mark.parametrize("surface", sorted(FIND))
@given(st.dictionaries(_KEYS, _VALUES, max_size=5))
def test_no_body_is_too_odd_to_look_through(surface: str, fields: dict[str, Any]) -> None:
    found = FIND[surface](fields)
    prices = Prices.single(Price(1, 1, 1, 1))
    unpriced = options.first_unpriced(found, prices)
    assert (unpriced is None) or unpriced.field
    decoder = ResponsesDecoder(uses=hosted_tools.uses_by_item(fields))
    assert decoder.finish() == []
    assert served.runs_code(fields) in (True, False)


def test_the_hold_covers_as_many_uses_as_the_caller_allows() -> None:
    [option] = FIND["messages"]({"tools": [{"type": "web_search_20250305", "max_uses": 5}]})
    assert option.hold_uses == 5
    [option] = FIND["responses"]({"tools": [{"type": "web_search"}], "max_tool_calls": 10**9})
    assert option.hold_uses == options.USES_MAX


def test_a_translated_request_is_priced_by_what_remains_of_it() -> None:
    heard = Media("audio", "audio/wav", data="UklGRg==")
    turns = (Turn("user", (ToolResult("1", "f", (heard,)), Text("x", cache={"ttl": "1h"}))),)
    found = options.of_prompt(Prompt(turns=turns), "messages")
    assert [each.names[0] for each in found] == ["audio_input"]
    cached = options.of_caches(Prompt(turns=turns), "cache_control.ttl")
    assert [each.names[0] for each in cached] == ["cache_write_1h"]
    assert options.of_prompt(Prompt(turns=(Turn("user", (Text("x"),)),)), "messages") == []


@pytest.mark.parametrize(
    ("option", "priced"),
    [
        (Option("tier", ("priority",), "f"), True),
        (Option("tier", ("flex",), "f"), False),
        (Option("use", ("web_search", "grounded_prompt"), "f"), True),
        (Option("use", ("file_search",), "f"), False),
        (Option("tokens", ("audio_input",), "f"), True),
        (Option("tokens", ("audio_output",), "f"), False),
        (Option("tokens", ("image_input",), "f"), True),
        (Option("tokens", ("cache_write_9h",), "f"), False),
        (Option("region", ("us",), "f"), True),
        (Option("region", ("eu",), "f"), False),
        (Option("other", (), "f"), False),
    ],
)
def test_an_option_without_a_price_is_named(option: Option, priced: bool) -> None:
    usual = Price(1, 1, 1, 1, audio_input=2)
    tiers = {STANDARD: ((0, usual),), "priority": ((0, usual),)}
    prices = Prices(tiers, fees={"grounded_prompt": 35}, factors={"us": 110})
    assert options.first_unpriced([option], prices) == (None if priced else option)
