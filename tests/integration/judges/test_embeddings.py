"""Embeddings through OpenAI's and Google's SDKs, each at its own vendor and at the other."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from google.genai import errors as google

from tests.support.judges.embedders import Embedded, by_google, by_openai
from tests.support.judges.harness import EMBEDDERS, Harness, prompt
from tests.support.judges.matrix import Cell, embedding_cells
from tests.support.judges.received import error_code

_OPENAI: dict[str, dict[str, Any]] = {
    "plain": {"input": "one"},
    "batch": {"input": ["one", "two"]},
    "dimensions": {"input": "one", "dimensions": 8},
    "floats": {"input": "one", "encoding_format": "float"},
    "base64": {"input": "one", "encoding_format": "base64"},
    "user-hint": {"input": "one", "user": "u"},
    "tokens": {"input": [[1, 2, 3]]},
    "too-many": {"input": ["one"] * 101},
    "error-400": {"input": prompt("one", status=400)},
    "error-429": {"input": prompt("one", status=429, retry_after=9)},
}
_GOOGLE: dict[str, dict[str, Any]] = {
    "plain": {"contents": "one"},
    "batch": {"contents": ["one", "two"]},
    "dimensions": {"contents": "one", "config": {"output_dimensionality": 8}},
    "task": {"contents": "one", "config": {"task_type": "RETRIEVAL_QUERY"}},
    "title": {
        "contents": "one",
        "config": {"task_type": "RETRIEVAL_DOCUMENT", "title": "a title"},
    },
    "error-400": {"contents": prompt("one", status=400)},
    "error-429": {"contents": prompt("one", status=429, retry_after=9)},
}
_LENGTHS = {"openai": 1536, "google": 3072}
_CODES = {"error-429": "service_unavailable"}


@pytest.fixture(autouse=True)
async def _calm(harness: Harness) -> AsyncIterator[None]:
    yield
    await harness.reset_circuits()


async def _embed(harness: Harness, cell: Cell) -> Embedded:
    model = EMBEDDERS[cell.provider]
    if cell.surface == "embeddings":
        return await by_openai(harness, model, **_OPENAI[cell.feature])
    return await by_google(harness, model, **_GOOGLE[cell.feature])


@embedding_cells()
async def test_embeddings(harness: Harness, cell: Cell) -> None:
    if cell.refused or cell.feature.startswith("error-"):
        with pytest.raises((openai.APIStatusError, google.APIError)) as refused:
            await _embed(harness, cell)
        code = error_code(refused.value)[1]
        assert code == _CODES.get(cell.feature, "invalid_request")
        if cell.refused:
            assert f"`{cell.refused}`" in str(refused.value)
        return
    embedded = await _embed(harness, cell)
    assert embedded.charged > 0
    assert len(embedded.vectors) == {"batch": 2, "too-many": 101}.get(cell.feature, 1)
    length = 8 if cell.feature == "dimensions" else _LENGTHS[cell.provider]
    assert {len(vector) for vector in embedded.vectors} == {length}
    assert harness.testbed.last_headers().get("x-headrace-ignored", "") == cell.ignored


@pytest.mark.parametrize("provider", EMBEDDERS)
async def test_both_sdks_get_the_same_vectors_in_the_same_order(
    harness: Harness, provider: str
) -> None:
    texts = ["one", "two", "three"]
    model = EMBEDDERS[provider]
    of_openai = await by_openai(harness, model, input=texts)
    floats = await by_openai(harness, model, input=texts, encoding_format="float")
    of_google = await by_google(harness, model, texts)
    for one, same, other in zip(of_openai.vectors, floats.vectors, of_google.vectors, strict=True):
        assert one == pytest.approx(other, abs=1e-6)
        assert same == other
    assert of_openai.charged == of_google.charged == of_openai.tokens
