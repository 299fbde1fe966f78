"""Gemini's embeddings over plain HTTP: what is charged, and what is refused by name."""

import json
from typing import Any

import pytest

from tests.integration.inference_plane.requests import journal, post
from tests.support.testbed import Testbed

OWN, OTHER = "gemini-embedding-001", "vectors"
ONE, BATCH = "embedContent", "batchEmbedContents"


def _content(*texts: str) -> dict[str, Any]:
    return {"parts": [{"text": text} for text in texts]}


def _request(text: str = "hi", **fields: Any) -> dict[str, Any]:
    return {"content": _content(text)} | fields


async def _embed(
    testbed: Testbed, model: str, payload: Any, verb: str = ONE, version: str = "v1beta"
) -> tuple[int, Any]:
    path = f"/{version}/models/{model}:{verb}"
    status, content = await post(testbed, payload, path)
    return status, json.loads(content)


@pytest.mark.parametrize("version", ["v1", "v1beta"])
@pytest.mark.parametrize("model", [OWN, OTHER])
async def test_one_content_is_embedded_and_charged(
    testbed: Testbed, model: str, version: str
) -> None:
    status, answer = await _embed(testbed, model, _request("x" * 4_000), version=version)
    assert status == 200
    assert len(answer["embedding"]["values"]) > 1_000
    assert answer["usageMetadata"]["promptTokenCount"] > 500
    assert answer["credits"]["deducted"] > 0
    await testbed.until_idle()
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert (event["operation"], event.get("estimated", False)) == ("embedding", False)
    assert event["input_tokens"] == answer["usageMetadata"]["promptTokenCount"]


async def test_without_a_count_of_googles_our_own_is_charged(testbed: Testbed) -> None:
    status, answer = await _embed(testbed, OWN, _request('hi\nsim: {"usage": "missing"}'))
    assert status == 200
    assert answer["usageMetadata"]["promptTokenCount"] > 0
    await testbed.until_idle()
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert event["estimated"]


async def test_both_spellings_are_understood(testbed: Testbed) -> None:
    for model in (OWN, OTHER):
        payload = _request(output_dimensionality=8, task_type="CLUSTERING")
        status, answer = await _embed(testbed, model, payload)
        assert (status, len(answer["embedding"]["values"])) == (200, 8)
    named = _request(embedContentConfig={"outputDimensionality": 9, "taskType": "CLUSTERING"})
    assert len((await _embed(testbed, OTHER, named))[1]["embedding"]["values"]) == 9


async def test_googles_own_fields_reach_google(testbed: Testbed) -> None:
    wanted = _request(taskType="RETRIEVAL_DOCUMENT", title="t", model=f"models/{OWN}")
    payload = {"requests": [wanted, wanted | {"outputDimensionality": 8}]}
    status, answer = await _embed(testbed, OWN, payload, BATCH)
    assert status == 200
    assert [len(each["values"]) for each in answer["embeddings"]] == [3072, 8]
    assert (await journal(testbed))[-1]["body"] == payload


async def test_a_task_that_a_model_does_not_have_is_named_or_refused(testbed: Testbed) -> None:
    payload = _request(taskType="CLUSTERING")
    assert (await _embed(testbed, OTHER, payload))[0] == 200
    assert testbed.last_headers()["x-headrace-ignored"] == "taskType"
    path = f"/v1beta/models/{OTHER}:{ONE}"
    status, content = await post(testbed, payload, path, **{"X-Headrace-Strict": "1"})
    assert status == 400
    assert "`taskType`" in json.loads(content)["error"]["message"]


async def test_a_batch_names_one_model(testbed: Testbed) -> None:
    """Another would be embedded at the price of the one in the path."""
    payload = {"requests": [_request(), _request(model="models/gemini-embedding-2")]}
    status, answer = await _embed(testbed, OWN, payload, BATCH)
    assert status == 400
    assert "`requests[1].model`" in answer["error"]["message"]
    assert await journal(testbed) == []


@pytest.mark.parametrize(
    ("model", "verb", "payload", "field"),
    [
        (OWN, ONE, {}, "content"),
        (OWN, ONE, {"content": "hi"}, "content"),
        (OWN, ONE, _request(outputDimensionality=0), "outputDimensionality"),
        (OWN, BATCH, {"requests": []}, "requests"),
        (OWN, BATCH, {"requests": [{"content": 1}]}, "requests[0].content"),
        (OTHER, ONE, _request(title="t"), "title"),
        (OTHER, ONE, _request(embedContentConfig={"autoTruncate": True}), "autoTruncate"),
        (OTHER, ONE, {"content": _content("a", "b")}, "content.parts"),
        (OTHER, ONE, {"content": {"parts": [{"inlineData": {}}]}}, "content.parts[0]"),
        (OTHER, BATCH, {"requests": [_request(), _request(title="t")]}, "requests[1].title"),
        (
            OTHER,
            BATCH,
            {"requests": [_request(), _request(outputDimensionality=8)]},
            "requests[1].outputDimensionality",
        ),
        ("gemini", ONE, _request(), "embeddings"),
        ("claude", ONE, _request(), "embeddings"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_name_and_free(
    testbed: Testbed, model: str, verb: str, payload: Any, field: str
) -> None:
    status, answer = await _embed(testbed, model, payload, verb)
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert field in answer["error"]["message"]
    assert await journal(testbed) == []
    assert await testbed.table.entries("A") == []


async def test_a_file_of_another_account_is_not_found(testbed: Testbed) -> None:
    theirs = {"fileData": {"fileUri": "files/theirs", "mimeType": "image/png"}}
    payload = {"requests": [{"content": {"parts": [theirs]}}]}
    status, answer = await _embed(testbed, OWN, payload, BATCH)
    assert (status, answer["error"]["status"]) == (404, "NOT_FOUND")
    assert await journal(testbed) == []


async def test_an_embedding_model_does_not_chat(testbed: Testbed) -> None:
    payload = {"contents": [{"parts": [{"text": "hi"}]}]}
    status, answer = await _embed(testbed, OWN, payload, "generateContent")
    assert status == 400
    assert "creates embeddings" in answer["error"]["message"]
