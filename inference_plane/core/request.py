"""A completion request as the pipeline needs it, whatever surface it came in by.

`fields` keeps every top-level field as the raw JSON it came as: what the pipeline does not know is
passed on untouched.
"""

from dataclasses import dataclass
from typing import Any

from shared.credits import Tokens


@dataclass(frozen=True, slots=True)
class Request:
    """Counts are tokens; `choices` is OpenAI's `n`."""

    model_id: str
    streamed: bool
    prompt_tokens: int
    output_asked: int | None
    output_field: str
    choices: int
    operation: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Glance:
    """What one frame of an answer tells the meter."""

    text_bytes: int = 0
    tool_call: bool = False
    finished: bool = False
    usage: Tokens | None = None
    error: str | None = None
