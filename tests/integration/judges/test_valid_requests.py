"""What a vendor accepts of its own clients, every other vendor gets in a form that it accepts.

Or the request is refused before it is sent, by a field of the caller's own. The simulated vendors
are the judges: what one of them accepts in its own dialect must never be refused by another, in
words about fields that its caller never wrote.
"""

import asyncio
import os
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judges.harness import Harness
from tests.support.testbed import token
from tests.support.valid_requests import chat, generate, messages, responses

OWN = {
    "chat": ("/v1/chat/completions", "gpt-4.1"),
    "responses": ("/v1/responses", "gpt-5"),
    "messages": ("/v1/messages", "claude"),
    "generate": ("/v1beta/models/{}:generateContent", "gemini"),
}
REQUESTS = {
    "chat": chat.requests(),
    "responses": responses.requests(),
    "messages": messages.requests(),
    "generate": generate.requests(),
}
_GPT, _CLAUDE, _GEMINI = (
    ("gpt-4.1", "gpt-5"),
    ("claude", "claude-newer"),
    ("gemini", "gemini-older"),
)
DEFAULT = 60
EXAMPLES = int(os.environ.get("HEADRACE_VALID_REQUESTS", DEFAULT))
"""The usual ones are the same each time; another number draws others."""

OTHERS = {
    "chat": (*_CLAUDE, *_GEMINI),
    "responses": (*_CLAUDE, *_GEMINI),
    "messages": (*_GPT, *_GEMINI),
    "generate": (*_GPT, *_CLAUDE),
}


async def _post(harness: Harness, surface: str, model: str, body: dict[str, Any]) -> Any:
    path, _ = OWN[surface]
    headers = {"Authorization": f"Bearer {token('A')}", "anthropic-version": "2023-06-01"}
    url = harness.testbed.url + path.format(model)
    named = body if surface == "generate" else body | {"model": model}
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json=named, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.mark.parametrize("surface", OWN)
async def test_a_valid_request_is_never_refused_in_a_foreign_vendors_words(
    harness: Harness, surface: str
) -> None:
    loop, valid = asyncio.get_running_loop(), []

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == DEFAULT,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(REQUESTS[surface], st.sampled_from(OTHERS[surface]))
    def judge(body: dict[str, Any], model: str) -> None:
        judged = asyncio.run_coroutine_threadsafe(_judge(harness, surface, model, body), loop)
        valid.append(judged.result())

    await asyncio.to_thread(judge)
    assert sum(valid) >= EXAMPLES // 6


async def _judge(harness: Harness, surface: str, model: str, body: dict[str, Any]) -> bool:
    """Whether the request was valid in its own dialect."""
    status, _ = await _post(harness, surface, OWN[surface][1], body)
    if status != 200:
        return False
    status, answer = await _post(harness, surface, model, body)
    if status != 200:
        assert status == 400, answer
        assert "provider_status" not in str(answer), answer
    return True
