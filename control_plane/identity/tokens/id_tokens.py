"""ID tokens (OpenID Connect Core 1.0, section 2)."""

import base64
import hashlib
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from control_plane.identity.grants.records import Grant
from control_plane.kit import clock
from shared.auth.access_tokens import ALGORITHM

LIFETIME_S = 3600
ACR, ACR_MFA = "urn:headrace:acr:password", "urn:headrace:acr:mfa"
ACRS = (ACR, ACR_MFA)
"""Authentication context classes: password only, and multi-factor."""


def mint(
    key: RSAKey, issuer: str, grant: Grant, access_token: str, requested: dict[str, Any]
) -> str:
    """A signed ID token. `requested`: user claims from the `claims` parameter (section 5.5)."""
    now = int(clock.now().timestamp())
    claims = {
        **requested,
        "iss": issuer,
        "sub": grant.user_id,
        "aud": grant.client_id,
        "iat": now,
        "exp": now + LIFETIME_S,
        "auth_time": int(grant.authenticated_at.timestamp()),
        "acr": ACR_MFA if "mfa" in grant.methods else ACR,
        "amr": grant.methods,
        "at_hash": _at_hash(access_token),
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def read_hint(token: str, keys: KeySet, issuer: str) -> dict[str, Any] | None:
    """The claims of an ID token of this issuer, expired or not; None for anything else."""
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return None
    claims = decoded.claims
    ours = claims.get("iss") == issuer and "client_id" not in claims
    return claims if ours and isinstance(claims.get("sub"), str) else None


def _at_hash(text: str) -> str:
    half = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
