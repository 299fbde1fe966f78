"""The catalogue as the inference plane reads it: models, their prices and where they are served.

The control plane publishes it whole under `keyspace.CATALOGUE`; a reader that meets another format
keeps the last good one. The id a caller writes and the id a provider wants are two fields. Fields
are only added, with a default, so that planes of different age read each other.
"""

import msgspec

FORMAT = 1


class Route(msgspec.Struct, frozen=True):
    """Where a model is served. Routes of the lowest `order` are tried first, those of one order in
    the proportion of their `weight`. `keys` names the group of keys to use; empty is the default.
    """

    provider: str
    upstream_model: str
    order: int = 0
    weight: int = 1
    keys: str = ""


class LongPrompt(msgspec.Struct, frozen=True):
    """Prices of a whole request whose prompt has `from_tokens` tokens or more."""

    from_tokens: int
    input_price: int
    cache_read_price: int
    cache_write_price: int
    output_price: int


class Rates(msgspec.Struct, frozen=True):
    """Prices of a service tier, for prompts of `from_tokens` or more, by kind of token.

    Micro-credits per 1,000,000 tokens. The kinds are `credits.BASE_KINDS` and `credits.PARTS`;
    those that are missing cost what they do on the standard tier.
    """

    tier: str
    from_tokens: int
    prices: dict[str, int]


class Model(msgspec.Struct, frozen=True):
    """Prices are micro-credits per 1,000,000 tokens. Times are seconds since 1970, 0 is never.

    `rates` add service tiers, kinds of tokens and steps to the prices of the standard tier. `fees`
    are micro-credits per 1,000 uses of a hosted tool, `factors` percent by region.

    From `deprecated_at_s` on answers carry a warning; from `sunset_at_s` on there are none.
    """

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
    deprecated_at_s: int = 0
    sunset_at_s: int = 0
    replacement_id: str = ""
    long: LongPrompt | None = None
    rates: tuple[Rates, ...] = ()
    fees: dict[str, int] = {}
    factors: dict[str, int] = {}


class Catalogue(msgspec.Struct, frozen=True):
    """`aliases` are other names of models."""

    format: int
    version: int
    models: dict[str, Model]
    aliases: dict[str, str] = {}


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Catalogue).decode
