"""Estimates prompt tokens from length and framing, without a tokenizer.

Source of an image's tokens: Gemini API guide, https://ai.google.dev/gemini-api/docs/tokens.
"""

import json
from typing import Any

IMAGE_TOKENS = 258
PDF_TOKENS = 500


def text_tokens(text: str) -> int:
    return -(-len(text) // 4)


def json_tokens(value: Any) -> int:
    """Tokens of tool declarations and the like."""
    return len(json.dumps(value)) // 4 if value else 0
