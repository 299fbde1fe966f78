"""A prompt that is too long is refused in the words that each vendor's clients look for."""

import json
import re

import pytest

from inference_plane.core import context_length
from shared import error_formats
from shared.error_formats import Format
from shared.errors import ContextLengthExceeded, InsufficientCredits
from shared.wordings import INSUFFICIENT_CREDITS

ERRORS = [
    ("anthropic", "prompt is too long: 208310 tokens > 200000 maximum", 208_310, 200_000),
    (
        "anthropic",
        (
            "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease "
            "input length or `max_tokens` and try again"
        ),
        209_573,
        200_000,
    ),
    (
        "openai",
        (
            "This model's maximum context length is 128000 tokens. However, your messages resulted "
            "in 130000 tokens."
        ),
        130_000,
        128_000,
    ),
    (
        "google",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        1_200_000,
        1_048_576,
    ),
]
CLAUDE_CODE = re.compile(r"prompt is too long[^0-9]*(\d+)\s*tokens?\s*>\s*(\d+)", re.IGNORECASE)
"""How Claude Code 2.1 reads the numbers."""


def _message(write: Format, refusal: Exception) -> str:
    assert isinstance(refusal, InsufficientCredits | ContextLengthExceeded)
    message: str = json.loads(write(refusal, "r"))["error"]["message"]
    return message


@pytest.mark.parametrize(("vendor", "text", "size", "limit"), ERRORS)
def test_it_is_recognized_with_its_numbers(vendor: str, text: str, size: int, limit: int) -> None:
    refusal = context_length.refusal(vendor, text, None, 400)
    assert refusal is not None
    assert refusal.code == "context_length_exceeded"
    assert (refusal.details["size"], refusal.details["limit"]) == (size, limit)
    own = {"openai": error_formats.openai, "anthropic": error_formats.anthropic}
    assert _message(own.get(vendor, error_formats.google), refusal) == text


@pytest.mark.parametrize(("vendor", "text", "size", "limit"), ERRORS)
def test_claude_code_finds_what_it_looks_for(vendor: str, text: str, size: int, limit: int) -> None:
    refusal = context_length.refusal(vendor, text, None, 400)
    assert refusal is not None
    if vendor != "anthropic":
        found = CLAUDE_CODE.search(_message(error_formats.anthropic, refusal))
        assert found
        assert (int(found[1]), int(found[2])) == (size, limit)


def test_without_numbers_the_words_are_enough() -> None:
    text = "Your input exceeds the context window of this model."
    refusal = context_length.refusal("openai", text, None, 400)
    assert refusal is not None
    assert _message(error_formats.anthropic, refusal) == "prompt is too long"


def test_another_error_is_none() -> None:
    assert context_length.refusal("openai", "`messages` is wrong", "messages", 400) is None


def test_claude_code_finds_that_a_balance_is_too_low() -> None:
    refusal = InsufficientCredits(wordings=INSUFFICIENT_CREDITS)
    assert "credit balance is too low" in _message(error_formats.anthropic, refusal)
    assert _message(error_formats.openai, refusal) == "Not enough credits for this request."
