"""Rows of the usage history and its statistics. Credits are micro-credits, durations ms."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Selects rows. `until` is exclusive; None does not filter."""

    account: str
    since: datetime | None = None
    until: datetime | None = None
    model_id: str | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """One row of the history. `uses` and `token_parts` are JSON objects of counts, as text."""

    id: int
    request_id: str
    model_id: str
    operation: str
    status: str
    credits_micro: int
    input_tokens: int
    output_tokens: int
    duration_ms: int
    occurred_at: datetime
    service_tier: str
    region: str
    uses: str
    token_parts: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals over all rows of a filter."""

    rows: int
    requests: int
    credits_micro: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Statistic:
    """Totals of one hour, day or model, which `key` names."""

    key: str
    requests: int
    credits_micro: int
    tokens: int
    duration_ms: int
