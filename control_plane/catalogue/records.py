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
class Model:
    """A model with the price in force. `routes` are (provider, upstream model), in their order."""

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
    providers: list[str]
    upstream_models: list[str]

    @property
    def provider(self) -> str:
        """Where it is served first; its owner while it has no route."""
        return self.providers[0] if self.providers else self.owned_by

    @property
    def routes(self) -> list[tuple[str, str]]:
        return list(zip(self.providers, self.upstream_models, strict=True))
