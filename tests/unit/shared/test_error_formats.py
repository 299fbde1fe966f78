"""One request has one format of errors, whichever plane answers it."""

import pytest

from inference_plane.surfaces.surface import Surface
from inference_plane.surfaces.table import SURFACES
from shared.auth.credentials import Header
from shared.error_formats import Format, anthropic, choose, google, openai

CASES: list[tuple[str, dict[str, str], Format]] = [
    ("/v1/chat/completions", {}, openai),
    ("/v1/chat/completions", {"x-goog-api-key": "k"}, openai),
    ("/v1/messages", {}, anthropic),
    ("/v1/messages/batches", {}, anthropic),
    ("/v1/messages_of_ours", {}, openai),
    ("/v1beta/models", {}, google),
    ("/v1beta/anything", {}, google),
    ("/v1betamax", {}, openai),
    ("/v1/models/a/b:generateContent", {}, google),
    ("/v1/models", {}, openai),
    ("/v1/models/gpt-5", {"x-goog-api-key": ""}, google),
    ("/v1/models/gpt-5", {"anthropic-version": "2023-06-01"}, anthropic),
    ("/v1/modelsome", {}, openai),
    ("/v1/modelsome", {"anthropic-version": "2023-06-01"}, anthropic),
    ("/v1/v1/messages", {}, anthropic),
    ("/messages", {"anthropic-version": "2023-06-01"}, anthropic),
    ("/v1/files", {"anthropic-version": "2023-06-01"}, anthropic),
    ("/v1/users/me", {"anthropic-version": "2023-06-01"}, openai),
    ("/v1/responses/resp_1", {"anthropic-version": "2023-06-01"}, openai),
    ("/v1/v1beta/models/gemini:generateContent", {}, google),
    ("/v1beta/v1beta/models/gemini:generateContent", {}, google),
    ("/upload/v1beta/files", {}, google),
    ("/models/gemini:generateContent", {"x-goog-api-key": "k"}, google),
    ("/account", {}, openai),
    ("/auth/verify-email", {"x-goog-api-key": "k"}, openai),
    ("/oauth/token", {"anthropic-version": "2023-06-01"}, openai),
    ("/anthropic/v1/messages", {"anthropic-version": "2023-06-01"}, anthropic),
]


@pytest.mark.parametrize(("path", "headers", "expected"), CASES)
def test_the_format_of_a_request(path: str, headers: dict[str, str], expected: Format) -> None:
    assert choose(path, _reader(headers)) is expected


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_every_path_of_a_surface_has_the_format_of_its_vendor(surface: Surface) -> None:
    vendors = {"messages": anthropic, "generate": google, "embed": google}
    for path in surface.paths:
        plain = path.replace("{model}", "m").replace("{id}", "resp_1")
        assert choose(plain, _reader({})) is vendors.get(surface.name, openai)


def _reader(headers: dict[str, str]) -> Header:
    def read(name: str) -> str | None:
        return headers.get(name)

    return read
