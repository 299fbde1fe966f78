"""The answer to a request for tokens."""

from typing import Any

from control_plane.oidc import claims, id_tokens, tokens
from control_plane.oidc.grants.outcome import Issued
from control_plane.oidc.provider import Provider
from control_plane.users import service as users
from control_plane.users.records import Profile
from shared.auth.access_tokens import LIFETIME_S


async def answer(provider: Provider, issued: Issued) -> dict[str, Any] | None:
    """None when the user may not use tokens any more."""
    profile = await users.find_profile(provider.pool, issued.grant.user_id)
    if profile is None or profile.state != "active":
        return None
    key = await provider.keys.load_signing()
    grant = issued.grant
    access = tokens.Access(grant.user_id, grant.client_id, issued.scopes, grant.id)
    access_token = tokens.mint(key, provider.issuer, access)
    body: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": LIFETIME_S,
        "scope": " ".join(issued.scopes),
    }
    if issued.refresh_token is not None:
        body["refresh_token"] = issued.refresh_token
    if "openid" in issued.scopes:
        asked = _asked(profile, issued)
        body["id_token"] = id_tokens.mint(key, provider.issuer, grant, access_token, asked)
    return body


def _asked(profile: Profile, issued: Issued) -> dict[str, Any]:
    return claims.by_request(profile, issued.grant.claims, "id_token")
