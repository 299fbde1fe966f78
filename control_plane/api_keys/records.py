"""An API key as its owner sees it. The secret is in none of these."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Credits are micro-credits; None is no cap, or no end."""

    id: str
    user_id: str
    name: str
    prefix: str
    digest: str
    scopes: list[str]
    cap_micro: int | None
    spent_micro: int
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """What is asked for, checked."""

    name: str
    scopes: list[str]
    cap_micro: int | None = None
    expires_at: datetime | None = None
