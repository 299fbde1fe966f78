"""Grants: what a user has allowed a client to do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What a user lets a client do."""

    user_id: str
    client_id: str
    scopes: tuple[str, ...]
    authenticated_at: datetime
    methods: tuple[str, ...]
    nonce: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """The family of the codes and tokens that came of one consent; its id is their `sid`."""

    id: str
    user_id: str
    client_id: str
    scopes: list[str]
    authenticated_at: datetime
    methods: list[str]
    nonce: str | None
    claims: dict[str, Any]
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    ip: str
    user_agent: str
