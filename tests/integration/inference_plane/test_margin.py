"""No option of a request costs the operator more than the caller pays for it.

Requests with any combination of options are sent through every surface to every provider. Each is
either refused, with nothing held, or charged exactly what the vendor bills for what it served, by
a price list and a reader of the test's own (`tests/support/vendor_bill.py`).
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import catalogue
from shared.credits import round_up
from tests.integration.inference_plane.requests import post
from tests.support import vendor_bill
from tests.support.testbed import Testbed, model, publish, running_testbed

INCREMENT = 10_000
_KINDS = {
    "input": "text",
    "cache_read": "read",
    "cache_write": "written",
    "output": "output",
    "cache_write_1h": "written_1h",
    "audio_input": "heard",
    "audio_cache_read": "heard_read",
    "audio_output": "spoken",
    "image_output": "drawn",
}
_FEES = {
    "web_search": "search",
    "web_search_preview": "preview",
    "file_search": "file",
    "code_execution": "code",
}


def _priced(tier: str) -> catalogue.Rates:
    prices = vendor_bill.PRICES[tier]
    return catalogue.Rates(tier, 0, {kind: prices[name] for kind, name in _KINDS.items()})


def _model(name: str, provider: str, upstream: str, *tiers: str, **changes: Any) -> catalogue.Model:
    standard = _priced("standard").prices
    fees = {use: vendor_bill.FEES[name] * 1_000 for use, name in _FEES.items()}
    if provider == "google":
        fees = {"grounded_prompt": vendor_bill.FEES["prompt"] * 1_000}
    own: dict[str, Any] = {
        "routes": (catalogue.Route(provider, upstream),),
        "rates": (_priced("standard"), *(_priced(tier) for tier in tiers)),
        "fees": fees,
        "factors": {"us": vendor_bill.US_PERCENT} if provider == "anthropic" else {},
    }
    own |= {f"{kind}_price": standard[kind] for kind in ("input", "cache_read", "output")}
    return model(name, **(own | {"cache_write_price": standard["cache_write"]} | changes))


MODELS = (
    _model("gpt", "openai", "gpt-5.6-sol", "flex", "priority"),
    _model("claude", "anthropic", "claude-opus-5-5", "fast"),
    _model("gemini", "google", "gemini-2.5-flash", "flex", "priority"),
    _model("bare", "openai", "gpt-5.6-sol", rates=(), fees={}),
)


@pytest.fixture
async def market(redis_url: str) -> AsyncIterator[Testbed]:
    """A testbed whose prices are the vendor's, to the credit increment."""
    own = {"HEADRACE_CREDIT_INCREMENT_MICRO": INCREMENT, "HEADRACE_BODY_BYTES_MAX": 2_000_000}
    async with running_testbed(redis_url, credits=1_000_000, settings=own) as testbed:
        await publish(testbed.redis, *MODELS)
        await testbed.runtime.directory.refresh()
        yield testbed


_NAMES = st.sampled_from(["gpt", "claude", "gemini", "bare"])
_LONG = "a word of many " * 500


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def _text(uses: int, tier: str, cached: int) -> str:
    reported: dict[str, Any] = {"uses": uses, "frames": 5, "cached_tokens": cached}
    return f"hi\nsim: {json.dumps(reported | ({'tier': tier} if tier else {}))}"


_TEXTS = st.builds(
    _text, st.integers(0, 3), st.sampled_from(["", "", "priority"]), st.sampled_from([0, 2])
)
_SOUND: dict[str, Any] = {"data": "UklGRiQAAABXQVZFZm10IA==", "format": "wav"}


@st.composite
def chats(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    content: list[dict[str, Any]] = [{"type": "text", "text": draw(_TEXTS)}]
    if draw(st.booleans()):
        content.insert(0, {"type": "input_audio", "input_audio": _SOUND})
    options = draw(
        _optional(
            service_tier=st.sampled_from(["auto", "default", "flex", "fast", "priority", "scale"]),
            modalities=st.sampled_from([["text"], ["text", "audio"]]),
            web_search_options=st.just({}),
            prompt_cache_options=st.sampled_from([{"ttl": "30m"}, {"ttl": "12h"}]),
            n=st.integers(1, 2),
        )
    )
    messages = [{"role": "user", "content": content}]
    body = {"model": draw(_NAMES), "messages": messages, "max_completion_tokens": 2_000}
    return "/v1/chat/completions", body | options


@st.composite
def responses(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    kinds = [
        "web_search",
        "web_search_preview",
        "file_search",
        "code_interpreter",
        "image_generation",
    ]
    tools = draw(st.lists(st.sampled_from(kinds), max_size=2, unique=True))
    options = draw(
        _optional(
            service_tier=st.sampled_from(["auto", "flex", "priority", "ultrafast"]),
            max_tool_calls=st.integers(1, 5),
        )
    )
    body = {"model": draw(_NAMES), "input": draw(_TEXTS), "max_output_tokens": 2_000}
    return "/v1/responses", body | options | {"tools": [{"type": kind} for kind in tools]}


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    control = st.sampled_from([None, {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}])
    system: dict[str, Any] = {"type": "text", "text": f"{draw(st.integers(0, 10**9))} {_LONG}"}
    marked = draw(control)
    if marked:
        system["cache_control"] = marked
    kinds = ["web_search_20250305", "code_execution_20260521", "advisor_20260301"]
    options = draw(
        _optional(
            speed=st.sampled_from(["standard", "fast"]),
            inference_geo=st.sampled_from(["global", "us", "eu"]),
            service_tier=st.sampled_from(["auto", "standard_only"]),
            tools=st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True).map(
                lambda chosen: [{"type": kind, "name": kind[:-9]} for kind in chosen]
            ),
        )
    )
    text = draw(_TEXTS)
    body = {"model": draw(_NAMES), "max_tokens": 2_000, "system": [system]}
    return "/v1/messages", body | {"messages": [{"role": "user", "content": text}]} | options


@st.composite
def generated(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"text": draw(_TEXTS)}]
    if draw(st.booleans()):
        parts.insert(0, {"inlineData": {"mimeType": "audio/wav", "data": _SOUND["data"]}})
    options = draw(
        _optional(
            serviceTier=st.sampled_from(["standard", "flex", "SERVICE_TIER_PRIORITY"]),
            tools=st.sampled_from([[{"google_search": {}}], [{"googleMaps": {}}]]),
            generationConfig=st.sampled_from(
                [{"responseModalities": [each]} for each in ("TEXT", "AUDIO", "IMAGE")]
            ),
        )
    )
    path = f"/v1beta/models/{draw(_NAMES)}:streamGenerateContent?alt=sse"
    return path, {"contents": [{"role": "user", "parts": parts}]} | options


async def _answer(testbed: Testbed) -> dict[str, Any]:
    """The last request that the simulated provider received, with its answer."""
    async with aiohttp.ClientSession() as session:
        url = f"{testbed.provider}/sim/requests?last=1&answers=1"
        async with session.get(url) as response:
            found: dict[str, Any] = (await response.json())["requests"][0]
            return found


@given(request=st.one_of(chats(), responses(), messages(), generated()), streamed=st.booleans())
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
async def test_a_request_is_refused_or_pays_what_the_vendor_bills(
    market: Testbed, request: tuple[str, dict[str, Any]], streamed: bool
) -> None:
    path, payload = request
    if "models/" not in path:
        payload = payload | {"stream": streamed}
    before = len(await market.table.entries("A"))
    status, answer = await post(market, payload, path)
    await market.until_idle()
    entries = (await market.table.entries("A"))[before:]
    if status != 200:
        assert status == 400, answer
        assert all(entry["kind"] == "released" for entry in entries)
        return
    [entry] = entries
    sent = await _answer(market)
    served = vendor_bill.read(sent["path"].partition("?")[0], sent["body"], sent["answer"])
    exact = -(-vendor_bill.bill(served) // (100 * vendor_bill.MILLION))
    event = json.loads(entry["__data__"])
    assert int(entry["amount"]) >= round_up(exact, INCREMENT), (payload, served, event)
    if not event.get("unpriced"):
        assert int(entry["amount"]) == round_up(exact, INCREMENT), (payload, served, event)


@pytest.mark.parametrize(
    ("path", "options", "field"),
    [
        ("/v1/chat/completions", {"service_tier": "priority"}, "service_tier"),
        ("/v1/chat/completions", {"web_search_options": {}}, "web_search_options"),
        ("/v1/chat/completions", {"modalities": ["text", "audio"]}, "modalities"),
        ("/v1/responses", {"service_tier": "flex"}, "service_tier"),
        ("/v1/responses", {"tools": [{"type": "file_search"}]}, "tools[0].type"),
    ],
)
async def test_what_has_no_price_is_refused_by_the_callers_field_and_holds_nothing(
    market: Testbed, path: str, options: dict[str, Any], field: str
) -> None:
    turns = [{"role": "user", "content": "hi"}]
    own = {"input": "hi"} if path.endswith("responses") else {"messages": turns}
    status, answer = await post(market, {"model": "bare"} | own | options, path)
    error = json.loads(answer)["error"]
    assert (status, error["param"]) == (400, field)
    assert "no price" in error["message"]
    assert await market.table.entries("A") == []


async def test_a_dearer_tier_that_the_vendor_chose_is_charged_and_recorded(
    market: Testbed,
) -> None:
    text = _text(0, "priority", 0)
    payload = {"model": "gpt", "messages": [{"role": "user", "content": text}]}
    assert (await post(market, payload))[0] == 200
    await market.until_idle()
    event = json.loads((await market.table.entries("A"))[-1]["__data__"])
    assert event["service_tier"] == "priority"
    assert "unpriced" not in event


async def test_a_tier_without_a_price_is_charged_at_the_dearest_and_counted(
    market: Testbed,
) -> None:
    text = _text(0, "ultrafast", 0)
    payload = {"model": "gpt", "messages": [{"role": "user", "content": text}]}
    assert (await post(market, payload))[0] == 200
    await market.until_idle()
    entry = (await market.table.entries("A"))[-1]
    event = json.loads(entry["__data__"])
    assert event["unpriced"] == ["tier ultrafast"]
    exposition = market.runtime.metrics.exposition()
    assert b'headrace_unpriced_usage_total{kind="tier",provider="openai"' in exposition
