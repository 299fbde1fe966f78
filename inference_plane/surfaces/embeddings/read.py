"""An embeddings request in the canonical format, for a provider of another dialect.

`user` is a hint. Tokens instead of text are OpenAI's own. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/embeddings/create.
"""

from typing import Any

import msgspec

from inference_plane.core.embedding import EmbeddingInput
from inference_plane.surfaces import reading

FORMATS = ("float", "base64")
_DIALECT = reading.Translated(
    known=frozenset({"input", "model", "dimensions", "encoding_format"}),
    hints=frozenset({"user"}),
    words={"encoding_format": FORMATS},
)


class _Body(msgspec.Struct):
    input: str | list[Any]
    dimensions: int | None = None


def read(fields: dict[str, Any]) -> EmbeddingInput:
    """Raises InvalidRequest naming a field that has no counterpart."""
    body = reading.translatable(fields, _DIALECT, _Body)
    texts = [body.input] if isinstance(body.input, str) else body.input
    if not all(isinstance(each, str) for each in texts):
        raise reading.unsupported("input", "it takes text, not tokens")
    return EmbeddingInput(tuple(texts), body.dimensions)
