"""What a provider declares: the dialects it supports, and how to call it.

Each package below `providers/` has a module `provider` with its PROVIDER; `table.py` collects them.
A new provider also needs its settings (`inference_plane/settings.py`) and the command line's lists:
`tests/unit/inference_plane/test_providers.py` names each of those places.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.embedding import EmbeddingInput
from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Request
from inference_plane.core.upstream_failure import UpstreamFailure
from shared.catalogue import Route

_write = msgspec.json.Encoder().encode

Patch = Callable[[Request, Route, int | None], UpstreamRequest]
"""A request of the provider's own dialect, with our model name and output limit, in tokens."""

Encode = Callable[[Prompt, Route, int | None], UpstreamRequest]
"""A prompt in the provider's dialect. Raises Inexpressible."""

EncodeEmbedding = Callable[[EmbeddingInput, Route], UpstreamRequest]
"""Texts to embed in the provider's dialect. Raises Inexpressible."""

MapError = Callable[[int, bytes, Mapping[str, str]], UpstreamFailure]
"""Status, body and headers (names in lower case) of an error response to what it means."""


def _with_model(request: Request, route: Route) -> bytes:
    return _write(request.fields | {"model": route.upstream_model})


class Embeddings(NamedTuple):
    """The dialect in which a provider embeds, and how a request is written in it."""

    dialect: str
    encode: EncodeEmbedding


@dataclass(frozen=True, slots=True)
class Provider:
    """One vendor, or any service that supports its dialect.

    `patches` are by dialect: where the caller uses one of these, bytes pass through. Prompts of
    other dialects go through `encode`. `authorize` turns a key into headers. `temperature_max` is
    the highest temperature that a model takes; None for a model that takes none. `count_paths` are
    the paths, by dialect, that count a prompt's tokens, and `count_body` is what to send there.
    `marks_caches`: a prompt says what to cache, and for how long. `tier_header` names the
    response's header that says which tier serves it. `embeddings`: None for a provider that has
    none. `free_paths` are those of free endpoints, by dialect, where the caller's body passes
    through. `bills_after_disconnect`: closing the connection does not stop the bill.
    """

    name: str
    patches: Mapping[str, Patch]
    encode: Encode
    map_error: MapError
    authorize: Callable[[str], dict[str, str]]
    temperature_max: Callable[[str], float | None]
    count_paths: Mapping[str, str] = field(default_factory=dict)
    count_body: Callable[[Request, Route], bytes] = _with_model
    marks_caches: bool = False
    tier_header: str = ""
    embeddings: Embeddings | None = None
    free_paths: Mapping[str, str] = field(default_factory=dict)
    bills_after_disconnect: bool = False
