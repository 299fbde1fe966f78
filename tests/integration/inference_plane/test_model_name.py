"""Every answer names its model by the id that was asked for, whoever gave it."""

import json
from typing import Any

import pytest

from tests.integration.inference_plane.requests import post
from tests.support.testbed import MODELS, Testbed, publish

HI = [{"role": "user", "content": 'say "model":"claude-sonnet-4-5"'}]
NAMES = {"an-alias": "gpt-5", "another": "claude", "a-third": "gemini", "numbers": "vectors"}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"messages": HI},
    "/v1/completions": {"prompt": "hi"},
    "/v1/responses": {"input": "hi"},
    "/v1/messages": {"messages": HI, "max_tokens": 50},
}


@pytest.fixture
async def testbed(testbed: Testbed) -> Testbed:
    await publish(testbed.redis, *MODELS, **NAMES)
    await testbed.runtime.directory.refresh()
    return testbed


def _models(answer: bytes) -> set[str]:
    """Every model that the frames, or the one document, name in a field of theirs."""
    lines = [line.partition(b"data: ")[2] for line in answer.splitlines() if b"data: " in line]
    documents = [json.loads(line) for line in lines if line != b"[DONE]"] or [json.loads(answer)]
    holders = [each.get(name, each) for each in documents for name in ("message", "response")]
    found = [each.get(name) for each in holders for name in ("model", "modelVersion")]
    return {each for each in found if each is not None}


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("name", list(NAMES)[:3])
async def test_an_answer_names_the_model_as_its_caller_did(
    testbed: Testbed, path: str, name: str, *, stream: bool
) -> None:
    status, answer = await post(testbed, BODIES[path] | {"model": name, "stream": stream}, path)
    assert status == 200
    assert _models(answer) == {name}


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse"])
@pytest.mark.parametrize("name", list(NAMES)[:3])
async def test_geminis_answer_does(testbed: Testbed, verb: str, name: str) -> None:
    contents = [{"parts": [{"text": "hi"}]}]
    _, answer = await post(testbed, {"contents": contents}, f"/v1beta/models/{name}:{verb}")
    assert _models(answer) == {name}


async def test_embeddings_do(testbed: Testbed) -> None:
    _, answer = await post(testbed, {"model": "numbers", "input": "hi"}, "/v1/embeddings")
    assert json.loads(answer)["model"] == "numbers"
