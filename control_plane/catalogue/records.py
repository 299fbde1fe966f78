"""The catalogue's rows. Credits are micro-credits, token prices are per 1,000,000 tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tier:
    """A limit of None is no limit. Alerts are percentages of the balance after the last grant."""

    id: str
    rank: int
    requests_per_minute: int | None
    tokens_per_minute: int | None
    credits_per_day_micro: int | None
    concurrent_requests: int | None
    body_bytes_max: int | None
    alert_percents: list[int]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a model is served. Lower `priority` is tried first; `key_group` selects keys."""

    model_id: str
    provider: str
    upstream_model: str
    priority: int
    weight: int
    key_group: str


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one kind of token on one service tier, for prompts of `from_tokens` or more."""

    tier: str
    from_tokens: int
    kind: str
    micro: int


@dataclass(frozen=True, slots=True)
class Extras:
    """What a price has beside the standard tier's tokens.

    `fees` are micro-credits per 1,000 uses of a hosted tool, `factors` percent by region.
    """

    rates: tuple[Rate, ...] = ()
    fees: Mapping[str, int] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model with its current price, aliases and routes."""

    id: str
    owned_by: str
    name: str
    description: str
    capabilities: list[str]
    context_length: int
    max_output_tokens: int
    input_cost_per_million_tokens: int
    output_cost_per_million_tokens: int
    version: str
    required_tier: str
    rank: int
    available: bool
    deprecated_at: datetime | None
    sunset_at: datetime | None
    replacement_id: str | None
    margin_percent: int | None
    created_at: datetime
    updated_at: datetime
    price_id: str
    input_micro: int
    cache_read_micro: int
    cache_write_micro: int
    output_micro: int
    per_1k_tokens_micro: int
    long_from_tokens: int
    long_input_micro: int
    long_cache_read_micro: int
    long_cache_write_micro: int
    long_output_micro: int
    aliases: list[str]
    routes: list[Route]
    extras: Extras = Extras()

    @property
    def provider(self) -> str:
        """The provider of its first route; its owner if it has none."""
        return self.routes[0].provider if self.routes else self.owned_by

    @property
    def deprecated(self) -> bool:
        """Whether a deprecation or shutdown date is set."""
        return self.deprecated_at is not None or self.sunset_at is not None


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model to add; it has no price and is not available yet."""

    id: str
    owned_by: str
    name: str
    context_length: int
    max_output_tokens: int
    route: Route


@dataclass(frozen=True, slots=True)
class ModelChange:
    """What to change of a model; None leaves it as it is."""

    model_id: str
    required_tier: str | None = None
    available: bool | None = None
    capabilities: list[str] | None = None
    replacement_id: str | None = None
    margin_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Deprecation:
    """When a model is deprecated, and when its provider shuts it down."""

    model_id: str
    deprecated_at: datetime | None
    sunset_at: datetime | None
