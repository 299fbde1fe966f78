"""OAuth clients: the applications that may ask users to sign in (RFC 6749, section 2)."""

from dataclasses import dataclass

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
