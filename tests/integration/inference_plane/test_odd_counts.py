"""A provider whose counts cannot be true: the account pays for what flowed, and it is told."""

import json
from typing import Any

import pytest

from tests.integration.inference_plane.requests import body, post
from tests.support.testbed import Testbed

ODD: tuple[dict[str, int], ...] = (
    {"prompt_tokens": 10**12},
    {"completion_tokens": 10**12},
    {"prompt_tokens": 10**19, "completion_tokens": 10**19},
    {"prompt_tokens": -5},
    {"completion_tokens": -5, "reasoning_tokens": 10**6},
    {"prompt_tokens": 200_000},
)


@pytest.mark.parametrize("usage", ODD, ids=str)
@pytest.mark.parametrize("model", ["gpt-5", "claude", "gemini"])
@pytest.mark.parametrize("streamed", [True, False])
async def test_counts_that_cannot_be_true_drain_no_account(
    testbed: Testbed, model: str, usage: dict[str, int], streamed: bool
) -> None:
    payload = body({"usage": usage, "frames": 4}, model=model, stream=streamed)
    status, answer = await post(testbed, payload)
    assert status == 200
    await testbed.until_idle()
    [entry] = await testbed.table.entries("A")
    event: dict[str, Any] = json.loads(entry["__data__"])
    assert (entry["kind"], entry["amount"]) == ("settled", "1000000")
    assert event["estimated"] is True
    assert 0 <= event.get("input_tokens", 0) < 1_000
    assert 0 <= event.get("output_tokens", 0) < 1_000
    assert str(10**12).encode() not in answer
    counted = testbed.runtime.metrics.exposition()
    assert b"headrace_corrected_usage_total" in counted
