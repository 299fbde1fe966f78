"""Access tokens: JWTs in the profile of RFC 9068, minted and checked."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from control_plane.kit import clock
from shared.errors import Unauthorized
from shared.principal import ALGORITHM, AUDIENCE, TOKEN_TYPE, Principal

LIFETIME_S = 3600
_LEEWAY_S = 10


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


def check(token: str, keys: KeySet, issuer: str) -> Principal:
    """Verify a token. Raises Unauthorized unless it is a valid access token of this issuer."""
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
        _claims(issuer).validate(decoded.claims)
    except (JoseError, ValueError) as error:
        raise Unauthorized from error
    if decoded.header.get("typ") != TOKEN_TYPE:
        raise Unauthorized
    claims = decoded.claims
    return Principal(
        claims["sub"],
        claims["client_id"],
        _scopes(claims),
        claims["exp"],
        token_id=str(claims.get("jti", "")),
        session=str(claims.get("sid", "")),
    )


def _claims(issuer: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        client_id={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    scope: Iterable[str] = str(claims.get("scope", "")).split()
    return frozenset(scope)
