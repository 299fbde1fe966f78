"""A request for Google's embeddings in the canonical format, for a provider of another dialect.

A task is a hint: models without tasks embed for all of them alike. A `title` is part of what is
embedded, so it is refused. Source: Gemini API reference, https://ai.google.dev/api/embeddings.
"""

from typing import Any

from inference_plane.core.embedding import EmbeddingInput
from inference_plane.surfaces import reading

HINTS = frozenset({"taskType", "embedContentConfig.taskType"})


class _Part(reading.Known):
    text: str


class _Content(reading.Known):
    parts: list[_Part]
    role: str | None = None


class _Config(reading.Known, rename="camel"):
    output_dimensionality: int | None = None


class _Embed(reading.Known, rename="camel"):
    content: _Content
    model: str | None = None
    output_dimensionality: int | None = None
    embed_content_config: _Config | None = None


class _Batch(reading.Known):
    requests: list[_Embed]


_ONE = reading.Translated(_Embed, HINTS)
_MANY = reading.Translated(_Batch, frozenset(f"requests[].{each}" for each in HINTS))


def read(fields: dict[str, Any]) -> EmbeddingInput:
    """`fields` in camelCase. Raises InvalidRequest naming a field that has no counterpart."""
    one, ignored = reading.translatable(fields, _ONE)
    return EmbeddingInput((_text(one, ""),), _dimensions(one), ignored)


def read_batch(fields: dict[str, Any]) -> EmbeddingInput:
    """As `read`, for `batchEmbedContents`."""
    batch, ignored = reading.translatable(fields, _MANY)
    size = _dimensions(batch.requests[0])
    texts = []
    for number, each in enumerate(batch.requests):
        place = f"requests[{number}]."
        if _dimensions(each) != size:
            why = "all of a batch must have the same"
            raise reading.unsupported(f"{place}outputDimensionality", why)
        texts.append(_text(each, place))
    return EmbeddingInput(tuple(texts), size, ignored)


def _text(one: _Embed, place: str) -> str:
    """Several parts become one vector at Google, in a way that is its own."""
    if len(one.content.parts) != 1:
        raise reading.unsupported(f"{place}content.parts", "it takes one part")
    return one.content.parts[0].text


def _dimensions(one: _Embed) -> int | None:
    config = one.embed_content_config
    return one.output_dimensionality or (config.output_dimensionality if config else None)
