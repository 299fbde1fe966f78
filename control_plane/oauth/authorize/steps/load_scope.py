"""Unknown scopes are ignored (OpenID Connect Core, section 3.1.2.1); scopes that the client may not
have are refused. Without a scope parameter, all scopes of the client are requested.
"""

from control_plane.identity.clients.records import SCOPE_DESCRIPTIONS
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import OAuthError


def load_scope(draft: Draft) -> None:
    requested = draft.parameters.find("scope")
    draft.scopes = scopes_for(requested, draft.known_client.scopes)
    draft.nonce = draft.parameters.find("nonce")


def scopes_for(requested: str | None, allowed: list[str]) -> tuple[str, ...]:
    """The requested scopes that exist. Raises OAuthError invalid_scope. Pure."""
    if requested is None:
        return tuple(allowed)
    known = tuple(
        dict.fromkeys(scope for scope in requested.split() if scope in SCOPE_DESCRIPTIONS)
    )
    if not known or not set(known) <= set(allowed):
        raise OAuthError("invalid_scope", "this client may not request these scopes")
    return known
