"""What the edge answers itself has the shape of the surface that was called, and a request id."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.edge.conftest import BODY_BYTES_MAX, Edge

Read = Callable[[Any], tuple[str, str]]


def _standard(body: Any) -> tuple[str, str]:
    return body["error"]["code"], body["error"]["request_id"]


def _anthropic(body: Any) -> tuple[str, str]:
    assert body["type"] == "error"
    assert body["error"]["type"] in {
        "overloaded_error",
        "request_too_large",
        "invalid_request_error",
    }
    return body["error"]["code"], body["request_id"]


def _google(body: Any) -> tuple[str, str]:
    info, request = body["error"]["details"]
    assert body["error"]["status"] in {"UNAVAILABLE", "INVALID_ARGUMENT"}
    return info["reason"], request["requestId"]


SHAPES: list[tuple[bytes, Read]] = [
    (b"/v1/chat/completions", _standard),
    (b"/v1/estimate", _standard),
    (b"/v1/messages", _anthropic),
    (b"/v1/messages/count_tokens", _anthropic),
    (b"/v1beta/models/gemini:generateContent", _google),
    (b"/v1beta/models/gemini:countTokens", _google),
    (b"/v1beta/models", _google),
    (b"/v1%62eta/models/gemini", _google),
    (b"/v1/models/gemini:generateContent", _google),
    (b"/v1/messages/batches", _anthropic),
    (b"/v1/v1/messages", _anthropic),
    (b"/v1/v1beta/models/gemini:generateContent", _google),
    (b"/upload/v1beta/files", _google),
    (b"/v1/models", _standard),
    (b"/v1/users/me", _standard),
]


@pytest.mark.parametrize(("target", "read"), SHAPES)
async def test_a_plane_that_is_down(edge_alone: Edge, target: bytes, read: Read) -> None:
    answer = await edge_alone.send(target, b"POST", b"Content-Length: 0")
    assert answer.status == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["cache-control"] == "no-store"
    assert read(answer.body) == ("service_unavailable", answer.headers["x-request-id"])


@pytest.mark.parametrize(("target", "read"), SHAPES)
async def test_a_body_that_is_too_large(edge: Edge, target: bytes, read: Read) -> None:
    length = b"Content-Length: %d" % (BODY_BYTES_MAX + 1)
    answer = await edge.send(target, b"POST", length)
    assert answer.status == 413
    assert read(answer.body) == ("payload_too_large", answer.headers["x-request-id"])


@pytest.mark.parametrize(("target", "read"), SHAPES)
@pytest.mark.parametrize("value", [b"pizza", b"\xe9", b"100-continue, pizza"])
async def test_an_unknown_expectation(edge: Edge, target: bytes, read: Read, value: bytes) -> None:
    answer = await edge.send(target, b"POST", b"Content-Length: 0", b"Expect: " + value)
    assert answer.status == 417
    assert read(answer.body) == ("invalid_request", answer.headers["x-request-id"])


async def test_the_supported_expectation(edge: Edge) -> None:
    answer = await edge.send(
        b"/v1/messages", b"POST", b"Content-Length: 0", b"Expect: 100-Continue"
    )
    assert answer.seen == ("inference", "/v1/messages")


async def test_nul_in_a_path_of_geminis_api(edge: Edge) -> None:
    answer = await edge.send(b"/v1beta/models/%00")
    assert answer.status == 400
    assert _google(answer.body) == ("invalid_request", answer.headers["x-request-id"])


@pytest.mark.parametrize(
    ("line", "read"),
    [(b"X-Goog-Api-Key: k", _google), (b"Anthropic-Version: 2023-06-01", _anthropic)],
)
@pytest.mark.parametrize("target", [b"/v1/models", b"/v1/files", b"/messages"])
async def test_what_vendors_share_is_answered_by_the_sdks_header(
    edge: Edge, target: bytes, line: bytes, read: Read
) -> None:
    answer = await edge.send(target, b"GET", line, b"Expect: pizza")
    assert read(answer.body) == ("invalid_request", answer.headers["x-request-id"])
