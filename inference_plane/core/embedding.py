"""The canonical format of a request for embeddings, between dialects.

The answer is an `Embedded` event for each text, in their order, see `core/events.py`.
"""

from msgspec import Struct


class EmbeddingInput(Struct, frozen=True):
    """`dimensions` is the length of each vector; None is the model's own. `ignored` are the hints
    that were left out, by the caller's own names.
    """

    texts: tuple[str, ...]
    dimensions: int | None = None
    ignored: tuple[str, ...] = ()
