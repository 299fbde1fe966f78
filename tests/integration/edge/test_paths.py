"""A path has one meaning, however it is spelled: the edge matches it as the planes read it."""

import pytest

from tests.integration.edge.conftest import Edge

INFERENCE = [
    (b"/v1/chat/completions", "/v1/chat/completions"),
    (b"/v1/chat/completions?a=b", "/v1/chat/completions"),
    (b"/v1/chat/%63ompletions", "/v1/chat/completions"),
    (b"/v1/chat%2Fcompletions", "/v1/chat/completions"),
    (b"/v1/messages", "/v1/messages"),
    (
        b"/v1beta/models/gemini-2.5-pro:generateContent",
        "/v1beta/models/gemini-2.5-pro:generateContent",
    ),
    (b"/v1beta/models/gemini%3AgenerateContent", "/v1beta/models/gemini:generateContent"),
    (b"/v1beta/models/a%2Fb:generateContent", "/v1beta/models/a/b:generateContent"),
    (b"/v1beta/models/a:embedContent", "/v1beta/models/a:embedContent"),
    (b"/v1/responses/resp_1", "/v1/responses/resp_1"),
    (b"/v1/responses/resp_1/input_items?limit=1", "/v1/responses/resp_1/input_items"),
    (b"/v1/chat/completions/chatcmpl-1", "/v1/chat/completions/chatcmpl-1"),
]
CONTROL = [
    b"/",
    b"/metrics",
    b"/%6Detrics",
    b"/%6d%65trics",
    b"//metrics",
    b"/metrics/",
    b"/internal/accounts/x/load",
    b"/%69nternal/accounts/x/load",
    b"/x/../internal/accounts/x/load",
    b"/-/routes",
    b"/v1//chat/completions",
    b"/v1/chat/completions/",
    b"/V1/chat/completions",
    b"/v1/chat/completions%0A",
    b"/v1beta/models/gemini",
    b"/v1beta/models/gemini:predict",
    b"/v1/responses/",
    b"/v1/responses/resp_1/",
    b"/v1/responses/resp_1/more",
    b"/v1/responses/resp_1:more",
]


@pytest.mark.parametrize(("target", "path"), INFERENCE)
async def test_every_encoding_of_a_surface_path_reaches_the_inference_plane(
    edge: Edge, target: bytes, path: str
) -> None:
    answer = await edge.send(target, b"POST", b"Content-Length: 0")
    assert answer.seen == ("inference", path)


@pytest.mark.parametrize("target", [b"/v1/messages%00", b"/%00", b"/v1/models/a%00b"])
async def test_a_path_with_nul_is_refused(edge: Edge, target: bytes) -> None:
    """It would end there for the edge, and not for the planes."""
    answer = await edge.send(target)
    assert (answer.status, answer.seen) == (400, None)
    assert answer.body["error"]["code"] == "invalid_request"


@pytest.mark.parametrize("target", CONTROL)
async def test_everything_else_reaches_the_control_plane(edge: Edge, target: bytes) -> None:
    """Where nothing internal is served: that is on ports the edge does not know."""
    answer = await edge.send(target)
    assert answer.seen is not None
    assert answer.seen[0] == "control"
