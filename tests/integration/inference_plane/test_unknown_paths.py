"""Paths that do not exist, and methods that a path does not have, are explained to anyone."""

import aiohttp
import anthropic
import openai
import pytest
from anthropic import AsyncAnthropic
from google import genai
from google.genai import errors as google_errors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import AsyncOpenAI

from inference_plane.surfaces.table import SURFACES
from tests.integration.inference_plane.surface_errors import is_of
from tests.support.fuzz.cases import ANTHROPIC, ANY, GOOGLE, OPENAI
from tests.support.testbed import Testbed, token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_VENDORS = {"messages": ANTHROPIC, "generate": GOOGLE, "embed": GOOGLE}


@pytest.mark.parametrize("surface", SURFACES, ids=lambda each: each.paths[0])
async def test_a_method_that_a_path_does_not_have(testbed: Testbed, surface: object) -> None:
    """It is refused before the caller is known, as in the control plane."""
    path = surface.paths[0].replace("{model}", "m").replace("{id}", "resp_1")  # type: ignore[attr-defined]
    methods = surface.methods  # type: ignore[attr-defined]
    async with aiohttp.ClientSession(testbed.url) as session:
        for method in sorted(set(METHODS) - set(methods)):
            async with session.request(method, path) as answer:
                content = await answer.read()
                assert answer.status == 405
                assert answer.headers["allow"] == ", ".join(methods)
                shape = _VENDORS.get(surface.name, OPENAI)  # type: ignore[attr-defined]
                assert is_of(shape, path, 405, answer.headers, content)


async def test_openais_sdk_reads_what_is_wrong_with_its_base_url(testbed: Testbed) -> None:
    for base in (testbed.url, f"{testbed.url}/v1/v1"):
        async with AsyncOpenAI(base_url=base, api_key=token("A"), max_retries=0) as client:
            with pytest.raises(openai.NotFoundError, match="Did you mean") as refused:
                await client.responses.create(model="gpt-5", input="hi")
            assert "/v1/responses" in str(refused.value)


async def test_openais_sdk_reads_that_an_endpoint_is_not_served(testbed: Testbed) -> None:
    client = testbed.client()
    with pytest.raises(openai.NotFoundError, match="Headrace does not serve image generation"):
        await client.images.generate(prompt="a mill")
    with pytest.raises(openai.NotFoundError, match="Headrace does not serve the compaction"):
        await client.responses.compact(model="gpt-5", input="hi")


async def test_anthropics_sdk_reads_what_is_wrong(testbed: Testbed) -> None:
    base = f"{testbed.url}/v1"
    async with AsyncAnthropic(base_url=base, api_key=token("A"), max_retries=0) as client:
        with pytest.raises(anthropic.NotFoundError, match="Did you mean") as refused:
            await client.messages.create(
                model="claude", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            )
    assert refused.value.body["error"]["type"] == "not_found_error"  # type: ignore[index]
    async with AsyncAnthropic(base_url=testbed.url, api_key="k", max_retries=0) as client:
        with pytest.raises(anthropic.NotFoundError, match="Headrace does not serve batches"):
            await client.messages.batches.list()


async def test_googles_sdk_reads_what_is_wrong(testbed: Testbed) -> None:
    wrong = genai.types.HttpOptions(base_url=f"{testbed.url}/v1")
    async with genai.Client(api_key=token("A"), http_options=wrong).aio as client:
        with pytest.raises(google_errors.ClientError, match="Did you mean") as refused:
            await client.models.generate_content(model="gemini", contents="hi")
    assert (refused.value.code, refused.value.status) == (404, "NOT_FOUND")
    right = genai.types.HttpOptions(base_url=testbed.url)
    async with genai.Client(api_key=token("A"), http_options=right).aio as client:
        with pytest.raises(google_errors.ClientError, match="does not serve cached contents"):
            await client.caches.list()


_SEGMENTS = st.sampled_from(["v1", "v1beta", "chat", "completions", "models", "responses", "x:y"])
_PATHS = st.lists(_SEGMENTS | st.text(max_size=6), max_size=6).map("/".join)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_PATHS, method=st.sampled_from(METHODS), key=st.sampled_from([None, "a", "g"]))
async def test_any_path_is_answered_in_a_vendors_shape(
    testbed: Testbed, path: str, method: str, key: str | None
) -> None:
    headers = {"a": {"anthropic-version": "2023-06-01"}, "g": {"x-goog-api-key": "k"}}.get(
        key or ""
    )
    async with aiohttp.ClientSession() as session:
        async with session.request(method, f"{testbed.url}/{path}", headers=headers) as answer:
            content = await answer.read()
            assert 400 <= answer.status < 500
            assert is_of(ANY, f"/{path}", answer.status, answer.headers, content)
