"""Embeddings through OpenAI's SDK: the vectors unchanged, and their cost."""

import base64
import struct
from typing import Any

import openai
import pytest

from tests.support.judges.harness import Harness, prompt
from tests.support.judges.matrix import Cell, embedding_cells
from tests.support.judges.received import error_code

_ARGUMENTS: dict[str, dict[str, Any]] = {
    "plain": {"input": ["one", "two"]},
    "dimensions": {"input": "one", "dimensions": 8},
    "base64": {"input": "one", "encoding_format": "base64"},
    "error-400": {"input": prompt("one", status=400)},
    "error-429": {"input": prompt("one", status=429, retry_after=9)},
}
_REFUSED = {
    "error-400": (openai.BadRequestError, "invalid_request"),
    "error-429": (openai.InternalServerError, "service_unavailable"),
}


@embedding_cells()
async def test_embeddings(harness: Harness, cell: Cell) -> None:
    client: openai.AsyncOpenAI = harness.judges["chat"].client  # type: ignore[attr-defined]
    arguments = {"model": "vectors"} | _ARGUMENTS[cell.feature]
    if cell.feature in _REFUSED:
        with pytest.raises(openai.APIStatusError) as refused:
            await client.embeddings.create(**arguments)
        assert error_code(refused.value) == _REFUSED[cell.feature]
        await harness.reset_circuits()
        return
    answer: Any = await client.embeddings.create(**arguments)
    assert answer.credits["deducted"] == answer.usage.credits_used > 0
    assert len(answer.data) == (2 if cell.feature == "plain" else 1)
    vector = answer.data[0].embedding
    if cell.feature == "base64":
        raw = base64.b64decode(vector)
        vector = struct.unpack(f"<{len(raw) // 4}f", raw)
    assert len(vector) == (8 if cell.feature == "dimensions" else len(vector)) > 0
