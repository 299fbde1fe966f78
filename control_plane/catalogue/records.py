"""The catalogue's rows. Credits are micro-credits, token prices are per 1,000,000 tokens."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tier:
    """Limits are None where there is none. Alerts are percents of the last granted balance."""

    id: str
    rank: int
    requests_per_minute: int | None
    tokens_per_minute: int | None
    credits_per_day_micro: int | None
    concurrent_requests: int | None
    alert_percents: list[int]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a model is served; `key_group` names the provider's keys to use."""

    model_id: str
    provider: str
    upstream_model: str
    priority: int
    weight: int
    key_group: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model with the price in force, its other names, and its routes in their order."""

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

    @property
    def provider(self) -> str:
        """Where it is served first; its owner while it has no route."""
        return self.routes[0].provider if self.routes else self.owned_by

    @property
    def deprecated(self) -> bool:
        """Whether it has been said that it will go."""
        return self.deprecated_at is not None or self.sunset_at is not None


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model that is taken in: neither priced nor available yet."""

    id: str
    owned_by: str
    name: str
    context_length: int
    max_output_tokens: int
    route: Route


@dataclass(frozen=True, slots=True)
class Deprecation:
    """When a model's vendor warns of its end, and when that is."""

    model_id: str
    deprecated_at: datetime | None
    sunset_at: datetime | None
