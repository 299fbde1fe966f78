"""Errors through each SDK: its own exception, with our code inside; a broken stream raises."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import openai
import pytest
from google.genai import errors as google

from tests.support.judges.harness import MODELS, Harness, prompt
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.received import error_code

_DIRECTIVES: dict[str, dict[str, Any]] = {
    "error-400": {"status": 400},
    "error-429": {"status": 429, "retry_after": 9},
    "error-context": {"error": "context_length"},
}
_CODES = {
    "error-400": "invalid_request",
    "error-429": "service_unavailable",
    "error-context": "context_length_exceeded",
}
_WORDS = {
    "messages": "prompt is too long: ",
    "generate": "The input token count (",
}
"""What each vendor's clients look for; on the other surfaces it is OpenAI's."""
_BAD = {
    "messages": anthropic.BadRequestError,
    "generate": google.ClientError,
}
_AWAY = {
    "messages": anthropic.APIStatusError,
    "generate": google.ServerError,
}


@pytest.fixture(autouse=True)
async def _calm(harness: Harness) -> AsyncIterator[None]:
    yield
    await harness.reset_circuits()


@pytest.mark.parametrize("streamed", [False, True])
@cells(*_DIRECTIVES)
async def test_a_refusal_is_the_sdks_own_exception(
    harness: Harness, cell: Cell, streamed: bool
) -> None:
    """A busy provider is a 503 with the pause that it names; a prompt that is too long is a 400."""
    judge = harness.judges[cell.surface]
    turns = judge.user(prompt(**_DIRECTIVES[cell.feature]))
    away = cell.feature == "error-429"
    kind = _AWAY.get(cell.surface, openai.InternalServerError) if away else None
    kind = kind or _BAD.get(cell.surface, openai.BadRequestError)
    with pytest.raises(kind) as refused:
        await judge.send(MODELS[cell.provider], turns, streamed=streamed)
    assert error_code(refused.value)[1] == _CODES[cell.feature]
    assert (503 if away else 400) == _status(refused.value)
    if cell.feature == "error-context":
        assert _WORDS.get(cell.surface, "maximum context length is ") in str(refused.value)
    if away:
        assert _headers(refused.value)["retry-after"] == "9"


def _status(error: Any) -> int:
    return int(getattr(error, "status_code", None) or error.code)


def _headers(error: Any) -> Any:
    return error.response.headers


@pytest.mark.parametrize("streamed", [False, True])
@cells("error-mid-stream", "cut-mid-stream")
async def test_a_stream_that_breaks_raises(harness: Harness, cell: Cell, streamed: bool) -> None:
    """Whether the provider sends an error or closes the connection; in a buffered answer, too."""
    judge = harness.judges[cell.surface]
    how = "error_at_frame" if cell.feature == "error-mid-stream" else "fail_at_frame"
    turns = judge.user(prompt(frames=20, frame_delay_ms=3, **{how: 9}))
    kinds = (openai.APIError, anthropic.APIError, google.APIError)
    with pytest.raises(kinds) as refused:
        await judge.send(MODELS[cell.provider], turns, streamed=streamed)
    assert error_code(refused.value)[1] == "upstream_error"
