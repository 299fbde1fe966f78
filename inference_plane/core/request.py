"""A request as the pipeline needs it, whichever surface it came in by.

`fields` keeps every top-level field as it was parsed: where the provider speaks the caller's
dialect, fields that the pipeline does not know pass through unchanged. For another dialect
`read` gives the request in the canonical format.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inference_plane.core.embedding import EmbeddingInput
from inference_plane.core.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Address:
    """What the URL and the headers say: Gemini's dialect names the model there.

    `verb` is Gemini's method, e.g. `generateContent`. `array`: a stream is one JSON array, not
    events. `accepts_events`: the caller's Accept header names an event stream.
    """

    model_id: str = ""
    verb: str = ""
    array: bool = False
    vendor_headers: Mapping[str, str] = field(default_factory=dict)
    accepts_events: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """`prompt_tokens` is our estimate; `max_tokens` is the caller's limit per choice, if any.

    `limit_field` is the field of `fields` that holds that limit. `operation` is for the usage
    event. `read`, or for embeddings `read_embedding`, raises InvalidRequest for what the canonical
    format cannot express.
    """

    dialect: str
    model_id: str
    streamed: bool
    prompt_tokens: int
    max_tokens: int | None
    limit_field: str
    choices: int
    operation: str
    fields: dict[str, Any]
    read: Callable[[], Prompt]
    address: Address = field(default_factory=Address)
    read_embedding: Callable[[], EmbeddingInput] | None = None


def _nothing() -> Prompt:
    raise RuntimeError("a step ran before the request was read")


UNREAD = Request("", "", False, 0, None, "", 1, "", {}, _nothing)
"""A request whose body has not been read."""
