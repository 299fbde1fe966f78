"""The catalogue as the inference plane reads it: models, their prices and where they are served.

The control plane publishes it whole under `keyspace.CATALOGUE`; a reader that meets another format
keeps the last good one. The id a caller writes and the id a provider wants are two fields.
"""

import msgspec

FORMAT = 1


class Route(msgspec.Struct, frozen=True):
    """Where a model is served: tried in their order, before the first byte only."""

    provider: str
    upstream_model: str


class Model(msgspec.Struct, frozen=True):
    """Prices are micro-credits per 1,000,000 tokens."""

    id: str
    price_id: str
    input_price: int
    cache_read_price: int
    cache_write_price: int
    output_price: int
    context_length: int
    max_output_tokens: int
    rank: int
    required_tier: str
    available: bool
    capabilities: tuple[str, ...]
    routes: tuple[Route, ...]


class Catalogue(msgspec.Struct, frozen=True):
    format: int
    version: int
    models: dict[str, Model]


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Catalogue).decode
