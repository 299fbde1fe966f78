"""Scopes nobody knows are passed over (OpenID Connect Core, 3.1.2.1); those the client may not have
are refused. Who names none is asked for all the client may have.
"""

from control_plane.identity.clients.records import SCOPE_TEXTS
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import OAuthError


def load_scope(draft: Draft) -> None:
    asked = draft.parameters.find("scope")
    draft.scopes = scopes_for(asked, draft.known_client.scopes)
    draft.nonce = draft.parameters.find("nonce")


def scopes_for(asked: str | None, allowed: list[str]) -> tuple[str, ...]:
    """Raises OAuthError invalid_scope. Pure."""
    if asked is None:
        return tuple(allowed)
    known = tuple(dict.fromkeys(scope for scope in asked.split() if scope in SCOPE_TEXTS))
    if not known or not set(known) <= set(allowed):
        raise OAuthError("invalid_scope", "this client may not have these scopes")
    return known
