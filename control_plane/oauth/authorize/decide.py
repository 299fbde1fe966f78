"""Decides which page an authorization request requires: sign-in, sign-up, consent or none. Pure.

Signing in after the request started satisfies prompt=login and max_age, so the decision can be
repeated after each page.

Source: OpenID Connect Core, sections 3.1.2.1, 3.1.2.3 and 3.1.2.4.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from control_plane.identity.clients.records import Client
from control_plane.identity.sessions.records import Session
from control_plane.identity.tokens.id_tokens import ACR_MFA
from control_plane.oauth.authorize.records import AuthorizationRequest
from control_plane.oauth.errors import OAuthError


class Need(StrEnum):
    """The page that is required next."""

    LOGIN = "login"
    REGISTER = "register"
    CONSENT = "consent"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AuthorizationState:
    """Everything the decision depends on. `started_at` None: the request has just arrived.

    `has_second_factor`: the user can authenticate with more than a password.
    """

    client: Client
    session: Session | None
    consented: bool
    now: datetime
    started_at: datetime | None = None
    has_second_factor: bool = False


def decide(request: AuthorizationRequest, state: AuthorizationState) -> Need:
    """Raises OAuthError when prompt=none forbids a required page (OIDC Core, section 3.1.2.6)."""
    silent = "none" in request.prompts
    if not _is_signed_in(request, state):
        if silent:
            raise OAuthError("login_required", "the user must sign in")
        is_new = "create" in request.prompts and state.session is None
        return Need.REGISTER if is_new else Need.LOGIN
    if _wants_consent(request, state):
        if silent:
            raise OAuthError("consent_required", "the user must consent")
        return Need.CONSENT
    return Need.NOTHING


def _is_signed_in(request: AuthorizationRequest, state: AuthorizationState) -> bool:
    session = state.session
    if session is None:
        return False
    if request.hinted_user is not None and request.hinted_user != session.user_id:
        return False
    if state.started_at is not None and session.authenticated_at >= state.started_at:
        return True
    if {"login", "select_account", "create"} & set(request.prompts):
        return False
    if ACR_MFA in request.acr_values and state.has_second_factor and "mfa" not in session.methods:
        return False
    if request.max_age is None:
        return True
    return session.authenticated_at + timedelta(seconds=request.max_age) > state.now


def _wants_consent(request: AuthorizationRequest, state: AuthorizationState) -> bool:
    """Native clients can be impersonated, so consent is required each time, unless the operator
    trusts the client (RFC 8252, section 8.6).
    """
    if "consent" in request.prompts:
        return True
    if state.client.skip_consent:
        return False
    return state.client.is_native or not state.consented
