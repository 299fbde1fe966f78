"""A completion request as the pipeline needs it, whatever surface it came in by.

`fields` keeps every top-level field as the raw JSON it came as: where the provider speaks the
caller's dialect, what the pipeline does not know is passed on untouched. Elsewhere `read` gives the
request in the middle language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inference_plane.core.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Address:
    """What the URL and the headers say: Gemini's dialect names the model there.

    `takes_events`: the caller's Accept names an event stream.
    """

    model_id: str = ""
    verb: str = ""
    array: bool = False
    vendor_headers: Mapping[str, str] = field(default_factory=dict)
    accepts_events: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Counts are tokens. `limit_field` is where the output limit stands in `fields`."""

    dialect: str
    model_id: str
    streamed: bool
    prompt_tokens: int
    output_asked: int | None
    limit_field: str
    choices: int
    operation: str
    fields: dict[str, Any]
    read: Callable[[], Prompt]
    address: Address = field(default_factory=Address)
