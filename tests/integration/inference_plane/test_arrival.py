"""How a request arrives: who sent it is known before it is read, and whatever fails is answered."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from inference_plane.deployments import asgi
from shared import keyspace
from tests.integration.inference_plane.requests import body, post
from tests.integration.inference_plane.surface_errors import SURFACES, is_of, is_shaped
from tests.support.asgi import Message
from tests.support.asgi_calls import Received, call, scope
from tests.support.fuzz.cases import ANTHROPIC, GOOGLE
from tests.support.testbed import Testbed, running_testbed, token


async def _send(testbed: Testbed, path: str, data: bytes, **headers: str) -> tuple[int, Any, bytes]:
    sent = {"Authorization": f"Bearer {token('A')}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        async with session.post(testbed.url + path, data=data, headers=sent | headers) as answer:
            return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize("path", SURFACES)
async def test_a_stranger_is_refused_before_the_body_is_received(
    testbed: Testbed, path: str
) -> None:
    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"X-Api-Key": "hr_live_unknown"}):
        answer = Received()
        await testbed.app(scope(path, headers | {"Content-Length": "9999999999"}), receive, answer)
        assert answer.status == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Encoding": "br"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Expect": "the-unexpected"}, 417),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
@pytest.mark.parametrize("path", SURFACES)
async def test_what_cannot_be_read_is_refused_in_the_surfaces_shape(
    testbed: Testbed, path: str, headers: dict[str, str], status: int
) -> None:
    status_sent, names, content = await _send(testbed, path, b"{}", **headers)
    assert status_sent == status
    assert is_shaped(path, status_sent, names, content)


@pytest.mark.parametrize("name", ["Anthropic-Version", "Anthropic-Beta", "OpenAI-Beta"])
@pytest.mark.parametrize("path", SURFACES)
async def test_vendor_headers_beyond_ascii_are_refused_by_name(
    testbed: Testbed, path: str, name: str
) -> None:
    answer = Received()
    await call(testbed.app, path, {}, answer, **{name: "caf\xe9"})
    names = {k.decode(): v.decode() for k, v in answer.headers.items()}
    assert answer.status == 400
    assert name.lower().encode() in answer.body
    assert is_shaped(path, 400, names, answer.body)


@pytest.mark.parametrize("name", ["X-Request-Id", "Origin", "User-Agent", "Accept", "Cookie"])
async def test_other_headers_beyond_ascii_change_nothing(testbed: Testbed, name: str) -> None:
    answer = Received()
    payload = body(stream=False)
    await call(testbed.app, "/v1/chat/completions", payload, answer, **{name: "caf\xe9\xff"})
    assert answer.status == 200


@pytest.mark.parametrize("last", ["9" * 5_000, "-1", "x", "²"])
async def test_an_event_id_that_is_none_is_refused(testbed: Testbed, last: str) -> None:
    answer = Received()
    headers = {"Idempotency-Key": "k", "Last-Event-ID": last}
    await call(testbed.app, "/v1/chat/completions", body(), answer, **headers)
    assert answer.status == 400


@pytest.mark.parametrize("path", SURFACES)
async def test_whatever_fails_is_answered_in_the_surfaces_shape_and_logged_once(
    testbed: Testbed, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure where no request exists yet."""

    def fail(_: Any) -> str:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(asgi, "read_credential", fail)
    answer = Received()
    with capture_logs() as logs:
        await call(testbed.app, path, {}, answer, **{"X-Request-Id": "mine"})
    assert answer.status == 500
    names = {k.decode(): v.decode() for k, v in answer.headers.items()}
    assert names["x-request-id"] == "mine"
    assert b"nobody foresaw" not in answer.body
    assert is_shaped(path, 500, names, answer.body)
    assert [each["event"] for each in logs] == ["request.failed"]


@pytest.mark.parametrize("path", ["/v1beta/models/a:b:c", "/v1beta/nowhere", "/v1/messages/x"])
async def test_a_path_that_nobody_serves_is_a_404_in_its_vendors_shape(
    testbed: Testbed, path: str
) -> None:
    status, names, content = await _send(testbed, path, b"{}")
    shape = ANTHROPIC if "messages" in path else GOOGLE
    assert status == 404
    assert is_of(shape, path, status, names, content)


async def test_successes_are_kept_by_nobody(testbed: Testbed) -> None:
    for streamed in (True, False):
        answer = Received()
        await call(testbed.app, "/v1/chat/completions", body(stream=streamed), answer)
        assert answer.headers[b"cache-control"] == b"no-store"


@pytest.mark.parametrize("path", [p for p in SURFACES if "ount" in p or p == "/v1/estimate"])
async def test_counts_and_estimates_have_a_limit_of_their_own(redis_url: str, path: str) -> None:
    """A third of two is refused; a request that costs is not."""
    model = "gemini" if "gemini" in path else "gpt-5" if path == "/v1/estimate" else "claude"
    turns = [{"role": "user", "content": "hi"}]
    payload = {"model": model, "messages": turns, "contents": [{"parts": [{"text": "hi"}]}]}
    if "gemini" in path:
        del payload["messages"], payload["model"]
    else:
        del payload["contents"]
    async with running_testbed(redis_url, settings={"HEADRACE_COUNTS_PER_MINUTE": 2}) as testbed:
        data = json.dumps(payload).encode()
        for _ in range(2):
            assert (await _send(testbed, path, data))[0] == 200
        status, headers, content = await _send(testbed, path, data)
        assert status == 429
        assert 1 <= int(headers["Retry-After"]) <= 120
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("2", "0")
        assert b"requests_per_minute" in content
        assert (await post(testbed, body(stream=False)))[0] == 200


async def test_a_suspended_account_counts_nothing(testbed: Testbed) -> None:
    await testbed.redis.hset(keyspace.account_key("A"), "state", "suspended")
    data = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}).encode()
    status, _, content = await _send(testbed, "/v1/estimate", data)
    assert status == 403
    assert b"account_suspended" in content


@pytest.mark.parametrize("streamed", [True, False])
async def test_an_end_that_was_being_sent_is_recorded_once(
    testbed: Testbed, streamed: bool
) -> None:
    """The caller disconnects while the last bytes are being sent."""
    key, payload = {"Idempotency-Key": "k"}, body(stream=streamed)
    task: Any = None

    async def send(message: Message) -> None:
        content = message.get("body", b"")
        if b"[DONE]" in content or b'"chat.completion"' in content:
            task.cancel()
            await asyncio.sleep(60)

    task = asyncio.ensure_future(call(testbed.app, "/v1/chat/completions", payload, send, **key))
    with pytest.raises(asyncio.CancelledError):
        await task
    await testbed.until_idle()
    status, replayed = await post(testbed, payload, **key)
    assert status == 200
    end = b"[DONE]" if streamed else b'"chat.completion"'
    assert replayed.count(end) == 1
