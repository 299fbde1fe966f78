"""Gemini's other stream, one JSON array; its Python SDK never requests it."""

import json

import aiohttp

from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells
from tests.support.testbed import token


@cells("stream-array")
async def test_a_stream_may_be_one_array(harness: Harness, cell: Cell) -> None:
    url = f"{harness.testbed.url}/v1beta/models/{MODELS[cell.provider]}:streamGenerateContent"
    content = {"role": "user", "parts": [{"text": prompt(text="one two three")}]}
    async with aiohttp.ClientSession(headers={"x-goog-api-key": token("A")}) as session:
        async with session.post(url, json={"contents": [content]}) as answer:
            assert answer.content_type == "application/json"
            chunks = json.loads(await answer.read())
    parts = [p for c in chunks for each in c["candidates"] for p in each["content"]["parts"]]
    assert "".join(part.get("text", "") for part in parts) == "one two three"
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"
    assert chunks[-1]["usageMetadata"]["totalTokenCount"] > 0
    assert chunks[-1]["credits"]["deducted"] > 0
