"""A checked authorization request (RFC 6749, section 4.1.1)."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """An authorization request that passed every step. `hinted_user`: the user it must be for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None = None
    response_mode: str = "query"
    challenge: str | None = None
    nonce: str | None = None
    prompts: tuple[str, ...] = ()
    max_age: int | None = None
    hinted_user: str | None = None
    login_hint: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    acr_values: tuple[str, ...] = ()
