"""The table of endpoints is that of the planes' routes, and every other path is explained."""

import itertools
import re
from pathlib import Path

import anthropic
import openai
import pytest
from google import genai
from hypothesis import given
from hypothesis import strategies as st

from control_plane.api.routes import OPEN_ROUTES, ROUTES
from inference_plane.surfaces.table import SURFACES
from shared import error_formats
from shared.auth.credentials import Header
from shared.endpoints import not_served, served, unknown
from shared.errors import MethodNotAllowed, NotFound

CHAT = "/v1/chat/completions"
GENERATE = "/v1beta/models/gemini-2.5-flash:generateContent"
MISTAKES = [
    (f"{CHAT}/", CHAT, "slash at the end"),
    (f"/{CHAT}", CHAT, "repeated slash"),
    ("/v1/chat//completions", CHAT, "repeated slash"),
    ("/V1/Chat/Completions", CHAT, "case-sensitive"),
    ("/chat/completions", CHAT, "OpenAI's clients"),
    (f"/v1{CHAT}", CHAT, "OpenAI's clients"),
    (f"/v1/v1{CHAT}", CHAT, "OpenAI's clients"),
    (f"/openai{CHAT}", CHAT, "OpenAI's clients"),
    ("/openai/deployments/gpt-5/chat/completions", CHAT, "OpenAI's clients"),
    ("/v1beta/openai/chat/completions", CHAT, "OpenAI's clients"),
    ("/responses", "/v1/responses", "OpenAI's clients"),
    ("/messages", "/v1/messages", "Anthropic's clients"),
    ("/v1/v1/messages", "/v1/messages", "Anthropic's clients"),
    ("/anthropic/v1/messages", "/v1/messages", "Anthropic's clients"),
    (f"/v1{GENERATE}", GENERATE, "Google's clients"),
    (f"/v1beta{GENERATE}", GENERATE, "Google's clients"),
    (GENERATE.removeprefix("/v1beta"), GENERATE, "Google's clients"),
    ("/models", "/v1/models", ""),
    ("/v1/v1/models/gpt-5", "/v1/models/gpt-5", ""),
]


@pytest.mark.parametrize(("path", "meant", "why"), MISTAKES)
def test_a_likely_mistake_is_named(path: str, meant: str, why: str) -> None:
    refusal = unknown.refusal("POST", path)
    assert isinstance(refusal, NotFound)
    assert f"`{path}` does not exist." in refusal.message
    assert f" {meant}`" in refusal.message
    assert why in refusal.message
    assert refusal.details["nearby"][0].endswith(f" {meant}")


@pytest.mark.parametrize("endpoint", served.ENDPOINTS, ids=str)
def test_a_wrong_method_gets_the_allowed_ones(endpoint: served.Endpoint) -> None:
    path = endpoint.path.replace("{model}", "m").replace("{id}", "resp_1")
    refusal = unknown.refusal("PUT", path)
    assert isinstance(refusal, MethodNotAllowed)
    assert refusal.headers["Allow"] == ", ".join(endpoint.methods)
    assert path in refusal.message


def test_what_is_spelled_alike_is_listed() -> None:
    refusal = unknown.refusal("POST", "/v1/chat/completion")
    assert refusal.details["nearby"][0] == f"POST {CHAT}"
    assert f"`POST {CHAT}`" in refusal.message
    assert unknown.refusal("GET", "/xyz").details["nearby"] == []


def test_the_inference_planes_rows_are_its_surfaces() -> None:
    routed = {(path, each.methods) for each in SURFACES for path in each.paths}
    assert routed == {(each.path, each.methods) for each in served.INFERENCE}


def test_the_control_planes_rows_are_its_routes() -> None:
    routed = {(each.method, each.path) for each in ROUTES}
    routed |= {(each.method, each.path) for each in OPEN_ROUTES}
    routed |= {("GET", "/health"), ("GET", "/health/ready")}
    assert routed == {(m, each.path) for each in served.CONTROL for m in each.methods}


@pytest.mark.parametrize("row", not_served.NOT_SERVED, ids=lambda row: row.paths)
def test_what_is_not_served_says_so_and_what_to_do(row: not_served.NotServed) -> None:
    path = re.sub(r"\(.*", "generateText", row.paths).replace("{model}", "m").rstrip("*")
    refusal = unknown.refusal("POST", path)
    assert isinstance(refusal, NotFound)
    assert refusal.message.startswith("Headrace does not serve ")
    assert refusal.details["path"] == path


def _called_by(package: Path, pattern: str) -> set[str]:
    found = (re.findall(pattern, each.read_text()) for each in package.rglob("*.py"))
    return {path.partition("?")[0] for path in itertools.chain.from_iterable(found)}


def _paths_of_the_sdks() -> list[str]:
    ours = Path(str(openai.__file__)).parent / "resources"
    named = _called_by(ours, r'"(/[a-z][^" ]*)"')
    paths = {f"/v1{each.removeprefix('/v1')}" for each in named}
    theirs = Path(str(anthropic.__file__)).parent / "resources"
    paths |= _called_by(theirs, r'"(/v1/[a-z][^" ]*)"')
    google = Path(str(genai.__file__)).parent
    named = _called_by(google, r"path = '([a-z][\w/:]*)'")
    paths |= {f"/v1beta/{each}" for each in named if "/" not in each and each != "models"}
    verbs = _called_by(google, r"path = '\{model\}:(\w+)")
    paths |= {f"/v1beta/models/gemini:{each}" for each in verbs}
    return sorted(re.sub(r"\{\w+\}", "x1", each) for each in paths)


@pytest.mark.parametrize("path", _paths_of_the_sdks())
def test_every_path_that_a_vendors_sdk_calls_is_served_or_explained(path: str) -> None:
    if served.find(path) is None:
        assert not_served.find(path) is not None


_PIECES = st.sampled_from(
    ["/", "//", "v1", "v1beta", "chat", "completions", "models", "files", ":", ":generateContent"]
)
_PATHS = st.builds(
    lambda pieces: "/" + "".join(pieces), st.lists(_PIECES | st.text(max_size=9), max_size=12)
)


@given(_PATHS, st.sampled_from(["GET", "POST", "PUT", "HEAD", "x"]), st.sampled_from(["", "k"]))
def test_every_path_gets_a_404_or_a_405_in_a_known_format(path: str, method: str, key: str) -> None:
    refusal = unknown.refusal(method, path)
    assert refusal.status in (404, 405)
    headers = {"anthropic-version": key} if key else {}
    write = error_formats.choose(path, _reader(headers))
    assert b"error" in write(refusal, "req_1")


def _reader(headers: dict[str, str]) -> Header:
    def read(name: str) -> str | None:
        return headers.get(name)

    return read
