"""Signs access tokens (RFC 9068); `shared.auth.access_tokens` verifies them."""

import secrets
from dataclasses import dataclass

from joserfc import jwt
from joserfc.jwk import RSAKey

from control_plane.kit import clock
from shared.auth.access_tokens import ALGORITHM, AUDIENCE, LIFETIME_S, TOKEN_TYPE


@dataclass(frozen=True, slots=True)
class AccessTokenClaims:
    """Subject, client, scopes and grant of a token."""

    user_id: str
    client_id: str
    scopes: tuple[str, ...]
    grant_id: str


def mint(key: RSAKey, issuer: str, access: AccessTokenClaims) -> str:
    """A signed token that is valid for LIFETIME_S."""
    now = int(clock.now().timestamp())
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": access.user_id,
        "client_id": access.client_id,
        "scope": " ".join(access.scopes),
        "sid": access.grant_id,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + LIFETIME_S,
    }
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])
