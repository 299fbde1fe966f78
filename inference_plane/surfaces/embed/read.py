"""A request for Google's embeddings in the canonical format, for a provider of another dialect.

`taskType` is a hint: models without tasks embed for all of them alike. A `title` is part of what is
embedded, so it is refused. Both may be in `embedContentConfig`, too. Source: Gemini API reference, https://ai.google.dev/api/embeddings.
"""

from typing import Any

import msgspec

from inference_plane.core.embedding import EmbeddingInput
from inference_plane.surfaces import reading
from shared.errors import InvalidRequest

_DIALECT = reading.Translated(
    known=frozenset({"content", "model", "outputDimensionality"}),
    hints=frozenset({"taskType", "embedContentConfig"}),
)


class _Part(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class _Content(msgspec.Struct):
    parts: list[Any] = []


class _Body(msgspec.Struct, rename="camel"):
    content: _Content
    output_dimensionality: int | None = None


def read(fields: dict[str, Any], *, batch: bool) -> EmbeddingInput:
    """`fields` in camelCase. Raises InvalidRequest naming a field that has no counterpart."""
    if not batch:
        text, size = _one(fields, "")
        return EmbeddingInput((text,), size)
    read_ = [_one(each, f"requests[{number}].") for number, each in enumerate(fields["requests"])]
    size = read_[0][1]
    for number, (_, own) in enumerate(read_):
        if own != size:
            raise reading.unsupported(
                f"requests[{number}].outputDimensionality", "all of a batch must have the same"
            )
    return EmbeddingInput(tuple(text for text, _ in read_), size)


def _one(fields: dict[str, Any], place: str) -> tuple[str, int | None]:
    """The text of one request, and the length of its vector."""
    config = fields.get("embedContentConfig")
    merged = fields | config if isinstance(config, dict) else fields
    try:
        body = reading.translatable(merged, _DIALECT, _Body)
    except InvalidRequest as error:
        raise _placed(error, place) from error
    parts = body.content.parts
    if len(parts) != 1:
        raise reading.unsupported(f"{place}content.parts", "it takes one part")
    if not isinstance(parts[0], dict) or parts[0].keys() != {"text"}:
        raise reading.unsupported(f"{place}content.parts[0]", "it takes text only")
    return reading.convert(parts[0], _Part).text, body.output_dimensionality


def _placed(error: InvalidRequest, place: str) -> InvalidRequest:
    """The error with the field's place in the batch."""
    if not error.param:
        return error
    message = error.message.replace(f"`{error.param}`", f"`{place}{error.param}`")
    return InvalidRequest(message, param=f"{place}{error.param}")
