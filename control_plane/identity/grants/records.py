"""Grants: what a user has allowed a client to do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to create. `methods`: RFC 8176 values. `claims`: the `claims` parameter.

    `session_id`: the `Session.id` of the browser that gives it; None for an operator.
    """

    user_id: str
    client_id: str
    scopes: tuple[str, ...]
    authenticated_at: datetime
    methods: tuple[str, ...]
    session_id: str | None = None
    nonce: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """One authorization of a client. Its id is the `sid` claim of all its tokens."""

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
