"""OAuth clients: the applications that may ask users to sign in (RFC 6749, section 2)."""

from dataclasses import dataclass

CODE_GRANT = "authorization_code"


REFRESH_GRANT = "refresh_token"


DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


SCOPE_DESCRIPTIONS = {
    "openid": "Identify your account",
    "email": "See your e-mail address",
    "profile": "See your name and profile picture",
    "offline_access": "Stay signed in when you are not using it",
    "llm.inference": "Use AI models and spend your credits",
    "models.read": "See the available models",
    "user.info": "See and change your settings and subscription",
    "credits.read": "See your credits and usage",
    "admin": "Administer this service",
}
"""Every scope, as the consent page describes it."""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered application. `secret_hash` None: a public client, which must use PKCE."""

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
