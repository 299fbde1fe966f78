"""Headers that a server behind the edge would obey or choke on do not come from callers."""

import pytest

from tests.integration.edge.conftest import Edge

REMOVED = (
    "X-Request-Timeout-Seconds",
    "X-Request-Disconnect-Disabled",
    "X-Session-Id",
    "X-Serve-Router-Anything",
    "serve_multiplexed_model_id",
    "traceparent",
    "tracestate",
    "Forwarded",
    "X-Real-IP",
    "X-Forwarded-Prefix",
)


@pytest.mark.parametrize("name", REMOVED)
@pytest.mark.parametrize("value", [b"1", b"\xff"])
async def test_headers_that_serve_or_a_plane_obeys_are_removed(
    edge: Edge, name: str, value: bytes
) -> None:
    line = name.encode() + b": " + value
    answer = await edge.send(b"/v1/messages", b"POST", b"Content-Length: 0", line)
    assert name.lower() not in answer.body["headers"]


@pytest.mark.parametrize("value", [b"\xe9", b"caf\xc3\xa9", b"a\xff"])
async def test_a_request_id_beyond_ascii_is_removed(edge: Edge, value: bytes) -> None:
    line = b"X-Request-Id: " + value
    answer = await edge.send(b"/v1/messages", b"POST", b"Content-Length: 0", line)
    assert "x-request-id" not in answer.body["headers"]


async def test_a_plain_request_id_and_the_callers_address_reach_the_plane(edge: Edge) -> None:
    lines = (b"Content-Length: 0", b"X-Request-Id: my-id", b"X-Forwarded-For: 8.8.8.8")
    answer = await edge.send(b"/v1/messages", b"POST", *lines)
    assert answer.body["headers"]["x-request-id"] == "my-id"
    assert answer.body["headers"]["x-forwarded-for"] == "127.0.0.1"
