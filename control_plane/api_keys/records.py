"""API keys. Secrets are not part of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Amounts are micro-credits. `cap_micro` None: no cap; `expires_at` None: no expiry."""

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
    """A validated key to create. `grant_id`: the grant that it ends with; None for a key that was
    made on the account page.
    """

    name: str
    scopes: list[str]
    cap_micro: int | None = None
    expires_at: datetime | None = None
    grant_id: str | None = None
