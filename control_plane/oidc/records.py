"""Keys, clients and what is asked of the provider, as frozen data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CODE_GRANT = "authorization_code"
REFRESH_GRANT = "refresh_token"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

SCOPE_TEXTS = {
    "openid": "Know which account is yours",
    "email": "See your e-mail address",
    "profile": "See your name and picture",
    "offline_access": "Stay signed in until you sign it out",
    "llm.inference": "Use AI models and spend your credits",
    "models.read": "See which models there are",
    "user.info": "See and change your settings and subscription",
    "credits.read": "See your credits and usage",
    "admin": "Administer this service",
}
"""Every scope there is, in the words of a consent page."""


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A signing key as it is kept: the private half is ciphertext. The one that signs is active."""

    kid: str
    public_jwk: dict[str, Any]
    private_sealed: bytes
    created_at: datetime | None = None
    active: bool = True
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """An application that may ask for tokens. `secret_hash` None: public, proves itself by PKCE."""

    id: str
    name: str
    scopes: list[str]
    secret_hash: str | None
    redirect_uris: list[str]
    grant_types: list[str]
    application_type: str
    post_logout_redirect_uris: list[str]
    skip_consent: bool

    @property
    def is_public(self) -> bool:
        return self.secret_hash is None

    @property
    def is_native(self) -> bool:
        return self.application_type == "native"


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request for authorization that every step has checked."""

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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the list of devices."""

    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    user_id: str
    authenticated_at: datetime
    methods: list[str]


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
