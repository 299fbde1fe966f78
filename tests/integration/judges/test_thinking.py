"""Thoughts arrive, and what a vendor signed goes back to it unchanged."""

from typing import Any

import pytest

from tests.integration.judges.test_tools import WEATHER
from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells

_CALL = {"name": "weather", "arguments": {"city": "Paris"}}


@pytest.mark.parametrize("streamed", [False, True])
@cells("thinking")
async def test_thoughts_arrive_where_their_vendor_shows_them(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """OpenAI shows them only in its Responses API, which only the Responses surface reaches."""
    judge = harness.judges[cell.surface]
    received = await judge.send(
        MODELS[cell.provider],
        judge.user(prompt(text="so it is", thinking=3)),
        streamed=streamed,
        **judge.thinking(),
    )
    assert received.text == "so it is"
    hidden = cell.provider == "openai" and cell.surface != "responses"
    assert bool(received.thoughts) is not hidden


@pytest.mark.parametrize("streamed", [False, True])
@cells("thinking-back")
async def test_signed_thoughts_go_back_unchanged(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """The simulated vendor refuses a forged signature, and a call whose thought is missing."""
    judge, model = harness.judges[cell.surface], MODELS[cell.provider]
    fields = judge.tools(WEATHER) | judge.thinking()
    turns = judge.user(prompt(thinking=3, tools=[_CALL, _CALL]))
    first = await judge.send(model, turns, streamed=streamed, **fields)
    assert len(first.calls) == 2
    turns = [*turns, *first.turn, *judge.results(first, "sunny", "sunny")]
    second = await judge.send(model, turns, streamed=streamed, **fields)
    assert second.text
    if cell.provider != "openai":
        assert _signatures(await harness.last_body())


@pytest.mark.parametrize("provider", ["anthropic", "google"])
@pytest.mark.parametrize("surface", ["chat", "responses"])
async def test_a_client_that_knows_nothing_of_thoughts_can_use_tools(
    harness: Harness, surface: str, provider: str
) -> None:
    """It sends back only the standard fields of OpenAI."""
    judge, model = harness.judges[surface], MODELS[provider]
    fields = judge.tools(WEATHER) | judge.thinking()
    turns = judge.user(prompt(thinking=3, tools=[_CALL]))
    first = await judge.send(model, turns, **fields)
    bare = first.turn
    if surface == "chat":
        bare = [{key: bare[0].get(key) for key in ("role", "content", "tool_calls")}]
        for call in bare[0]["tool_calls"]:
            call.pop("extra_content", None)
    else:
        bare = [item for item in bare if item.type != "reasoning"]
    second = await judge.send(model, [*turns, *bare, *judge.results(first, "sunny")], **fields)
    assert second.text


def _signatures(body: dict[str, Any]) -> list[str]:
    """The signatures in the body."""
    blocks = [b for m in body.get("messages", ()) for b in m["content"] if isinstance(b, dict)]
    parts = [p for content in body.get("contents", ()) for p in content["parts"]]
    found = [block["signature"] for block in blocks if block.get("type") == "thinking"]
    found += [p.get("thoughtSignature") or p.get("thought_signature") or "" for p in parts]
    return [each for each in found if each and not each.startswith("skip_")]


@pytest.mark.parametrize("streamed", [False, True])
async def test_claudes_clients_find_the_text_last(harness: Harness, streamed: bool) -> None:
    """Google signs a text after it; Claude Code takes the last block for the answer."""
    judge = harness.judges["messages"]
    turns = judge.user(prompt(text="so it is", thinking=3))
    received = await judge.send(MODELS["google"], turns, streamed=streamed, **judge.thinking())
    assert received.turn[0]["content"][-1].text == "so it is"
