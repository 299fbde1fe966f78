"""The endpoints that Headrace serves, beside sign-in and its pages (docs/identity.md)."""

import re
from dataclasses import dataclass
from typing import Literal

from shared.endpoints import templates

Vendor = Literal["openai", "anthropic", "google", ""]
"""Whose API an endpoint belongs to; empty for our own and for those that several share."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`path` is a template, see `templates.py`; `methods` are in the order of `Allow`."""

    methods: tuple[str, ...]
    path: str
    does: str
    vendor: Vendor = ""

    def __str__(self) -> str:
        return f"{' or '.join(self.methods)} {self.path}"


_GET, _POST, _DELETE = ("GET",), ("POST",), ("DELETE",)


def _google(verb: str, does: str) -> tuple[Endpoint, ...]:
    """Older SDKs use `v1`, newer ones `v1beta`."""
    paths = (f"/{version}/models/{{model}}:{verb}" for version in ("v1beta", "v1"))
    return tuple(Endpoint(_POST, path, does, "google") for path in paths)


INFERENCE: tuple[Endpoint, ...] = (
    Endpoint(_POST, "/v1/chat/completions", "Chat completions", "openai"),
    Endpoint(
        ("GET", "POST", "DELETE"),
        "/v1/chat/completions/{id}",
        "A stored chat completion: read, change its metadata, delete",
        "openai",
    ),
    Endpoint(_GET, "/v1/chat/completions/{id}/messages", "Its messages", "openai"),
    Endpoint(_POST, "/v1/completions", "Completions of a text", "openai"),
    Endpoint(_POST, "/v1/responses", "Responses", "openai"),
    Endpoint(_POST, "/v1/responses/input_tokens", "The tokens of a request; free", "openai"),
    Endpoint(("GET", "DELETE"), "/v1/responses/{id}", "A stored response: read, delete", "openai"),
    Endpoint(_POST, "/v1/responses/{id}/cancel", "Cancel it", "openai"),
    Endpoint(_GET, "/v1/responses/{id}/input_items", "Its input items", "openai"),
    Endpoint(_POST, "/v1/embeddings", "Embeddings", "openai"),
    Endpoint(_POST, "/v1/moderations", "Moderation; free", "openai"),
    Endpoint(_POST, "/v1/messages", "Messages", "anthropic"),
    Endpoint(_POST, "/v1/messages/count_tokens", "The tokens of a request; free", "anthropic"),
    *_google("generateContent", "An answer"),
    *_google("streamGenerateContent", "An answer as a stream"),
    *_google("countTokens", "The tokens of a request; free"),
    *_google("embedContent", "An embedding"),
    *_google("batchEmbedContents", "Embeddings"),
    Endpoint(_POST, "/v1/estimate", "What a chat completion would cost; free"),
)

CONTROL: tuple[Endpoint, ...] = (
    Endpoint(_GET, "/v1/models", "The models, in the format of the client's vendor"),
    Endpoint(_GET, "/v1/models/{id}", "A model"),
    Endpoint(_GET, "/v1beta/models", "The models", "google"),
    Endpoint(_GET, "/v1beta/models/{id}", "A model", "google"),
    Endpoint(_GET, "/v1/credits/me", "Credits"),
    Endpoint(_GET, "/v1/rate-limit", "Limits, and what is left of them"),
    Endpoint(_GET, "/v1/usage", "Usage by request"),
    Endpoint(_GET, "/v1/usage/stats", "Usage by day, hour or model"),
    Endpoint(_GET, "/v1/subscription-plans", "The plans"),
    Endpoint(("GET", "PATCH", "DELETE"), "/v1/users/me", "One's own account"),
    Endpoint(_POST, "/v1/users/me/password", "Change the password"),
    Endpoint(_POST, "/v1/users/me/email", "Change the email address"),
    Endpoint(_POST, "/v1/users/me/verification", "Send the verification email again"),
    Endpoint(("GET", "PATCH"), "/v1/users/me/preferences", "Preferences"),
    Endpoint(("GET", "POST"), "/v1/users/me/preferences/model", "The default model"),
    Endpoint(("GET", "DELETE"), "/v1/users/me/sessions", "Sessions"),
    Endpoint(_DELETE, "/v1/users/me/sessions/{id}", "End a session"),
    Endpoint(_GET, "/v1/users/me/security", "Second factors"),
    Endpoint(("POST", "DELETE"), "/v1/users/me/security/totp", "An authenticator app"),
    Endpoint(_POST, "/v1/users/me/security/totp/confirm", "Confirm it"),
    Endpoint(_POST, "/v1/users/me/security/recovery-codes", "New recovery codes"),
    Endpoint(_DELETE, "/v1/users/me/security/passkeys/{id}", "Remove a passkey"),
    Endpoint(("GET", "POST"), "/v1/api-keys", "API keys"),
    Endpoint(_DELETE, "/v1/api-keys/{id}", "Revoke an API key"),
    Endpoint(_GET, "/api/user/credits", "Credits as the desktop app shows them"),
    Endpoint(_GET, "/api/user/profile", "The profile as the desktop app shows it"),
    Endpoint(_POST, "/auth/register", "Register"),
    Endpoint(_POST, "/auth/verify-email", "Verify the email address"),
    Endpoint(_POST, "/auth/forgot-password", "Request a password reset"),
    Endpoint(_POST, "/auth/reset-password", "Reset the password"),
    Endpoint(_GET, "/health", "Whether the service is alive"),
    Endpoint(_GET, "/health/ready", "Whether the service is ready"),
)

ENDPOINTS = INFERENCE + CONTROL
_LITERAL = {each.path: each for each in ENDPOINTS if templates.is_literal(each.path)}
_TEMPLATES = [
    (re.compile(templates.pattern(each.path)), each)
    for each in ENDPOINTS
    if not templates.is_literal(each.path)
]


def find(path: str) -> Endpoint | None:
    """The endpoint at this path, decoded, whatever the method."""
    exact = _LITERAL.get(path)
    if exact is not None:
        return exact
    return next((each for pattern, each in _TEMPLATES if pattern.fullmatch(path)), None)


def own_resources() -> tuple[str, ...]:
    """The first segments below `/v1` of what neither Anthropic nor Google has there, too."""
    names = (
        each.path.split("/")[2].partition(":")[0]
        for each in ENDPOINTS
        if each.path.startswith("/v1/") and each.vendor in ("openai", "")
    )
    return tuple(dict.fromkeys(name for name in names if name != "models"))
