"""An embeddings request in the canonical format, for a provider of another dialect.

`user` is a hint. Tokens instead of text are OpenAI's own. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/embeddings/create.
"""

from typing import Any

from inference_plane.core.embedding import EmbeddingInput
from inference_plane.surfaces import reading

FORMATS = ("float", "base64")


class _Body(reading.Known):
    input: str | list[Any]
    model: str | None = None
    dimensions: int | None = None
    encoding_format: str | None = None


_TRANSLATED = reading.Translated(_Body, frozenset({"user"}), {"encoding_format": FORMATS})


def read(fields: dict[str, Any]) -> EmbeddingInput:
    """Raises InvalidRequest naming a field that has no counterpart."""
    body, ignored = reading.translatable(fields, _TRANSLATED)
    texts = [body.input] if isinstance(body.input, str) else body.input
    if not all(isinstance(each, str) for each in texts):
        raise reading.unsupported("input", "it takes text, not tokens")
    return EmbeddingInput(tuple(texts), body.dimensions, ignored)
