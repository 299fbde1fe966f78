"""The body of a successful token response (RFC 6749, section 5.1; OpenID Connect Core, 3.1.3.3)."""

from typing import Any

from control_plane.identity.context import IdentityContext
from control_plane.identity.tokens import access_tokens, id_tokens
from control_plane.identity.users import service as users
from control_plane.oauth import claims
from control_plane.oauth.token.outcome import Issued
from shared.auth.access_tokens import LIFETIME_S


async def build_response(context: IdentityContext, issued: Issued) -> dict[str, Any] | None:
    """The JSON body, or None when the user is deleted, suspended or closed."""
    profile = await users.find_profile(context.pool, issued.grant.user_id)
    if profile is None or profile.state != "active":
        return None
    key = await context.keys.load_signing()
    grant = issued.grant
    access = access_tokens.AccessTokenClaims(
        grant.user_id, grant.client_id, issued.scopes, grant.id
    )
    access_token = access_tokens.mint(key, context.issuer, access)
    body: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": LIFETIME_S,
        "scope": " ".join(issued.scopes),
    }
    if issued.refresh_token is not None:
        body["refresh_token"] = issued.refresh_token
    if "openid" in issued.scopes:
        requested = claims.by_request(profile, grant.claims, "id_token")
        body["id_token"] = id_tokens.mint(key, context.issuer, grant, access_token, requested)
    return body
