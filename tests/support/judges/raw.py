"""The same short request on every surface as plain HTTP, for what no SDK exposes."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.support.judges.harness import MODELS
from tests.support.testbed import Testbed, token

SURFACES = ("chat", "completions", "responses", "messages", "generate", "embeddings")
STREAMING = SURFACES[:-1]
PAIRS = [
    (surface, provider)
    for surface in SURFACES
    for provider in MODELS
    if surface != "embeddings" or provider == "openai"
]


def request(
    surface: str, provider: str, text: str, *, streamed: bool
) -> tuple[str, dict[str, Any]]:
    """The path and the body."""
    model = MODELS[provider]
    messages = [{"role": "user", "content": text}]
    stream = {"stream": True} if streamed else {}
    verb = "streamGenerateContent?alt=sse" if streamed else "generateContent"
    google = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
    by_surface: dict[str, tuple[str, dict[str, Any]]] = {
        "chat": ("/v1/chat/completions", {"model": model, "messages": messages} | stream),
        "completions": ("/v1/completions", {"model": model, "prompt": text} | stream),
        "responses": ("/v1/responses", {"model": model, "input": text} | stream),
        "messages": (
            "/v1/messages",
            {"model": model, "messages": messages, "max_tokens": 1_000} | stream,
        ),
        "generate": (f"/v1beta/models/{model}:{verb}", google),
        "embeddings": ("/v1/embeddings", {"model": "vectors", "input": text}),
    }
    return by_surface[surface]


async def post(
    testbed: Testbed, path: str, body: dict[str, Any], **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and the body, whole."""
    sent = {"Authorization": f"Bearer {token('A')}"} | headers
    async with aiohttp.ClientSession() as session:
        async with session.post(testbed.url + path, json=body, headers=sent) as answer:
            return answer.status, answer.headers, await answer.read()


def code_in(body: dict[str, Any]) -> str:
    """Our code, inside the surface's own error."""
    error = body["error"]
    reasons = [each["reason"] for each in error.get("details") or () if "reason" in each]
    return reasons[0] if reasons else str(error["code"])
