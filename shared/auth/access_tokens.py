"""Access tokens: JWTs as RFC 9068 defines them, and the one place that verifies them.

The header is `{"alg": "RS256", "typ": "at+jwt", "kid": …}` and nothing else. The claims are `iss`
(the public URL), `aud` (this API), `sub` (the user's id), `client_id`, `scope` (separated by
spaces), `jti`, `iat`, `exp`, and `sid`, the grant that the token belongs to.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import jwt
import msgspec
from jwt.utils import base64url_decode

from shared.auth.principal import Principal
from shared.errors import Unauthorized

AUDIENCE = "headrace"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the header's value, not a secret
ALGORITHM = "RS256"
LIFETIME_S = 3600
LEEWAY_S = 60
"""How far the clocks of two machines may differ (RFC 7519, 4.1.4: "no more than a few minutes")."""

REVOCATION_KEPT_S = 2 * LIFETIME_S
"""How long a revoked token or session is remembered: longer than any of its tokens lives."""

EXPIRED = "The access token has expired. Refresh it and try again."
_LENGTH_MAX = 8192
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_REQUIRED = ["exp", "iat", "sub", "client_id", "jti"]


class UnknownSigningKey(Unauthorized):
    """The access token is not valid. Sign in again."""


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: Literal["RS256"]
    typ: Literal["at+jwt"]
    kid: str


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    client_id: str
    jti: str
    exp: int
    scope: str = ""
    sid: str = ""


def read_jwks(jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The public keys of a JWK Set (RFC 7517, 5) by `kid`, for `verify`.

    Raises PyJWTError or KeyError when one of them is not a key.
    """
    return {key["kid"]: jwt.PyJWK(key).key for key in jwks["keys"]}


_decode_header = msgspec.json.Decoder(_Header).decode


def verify(token: str, keys: Mapping[str, Any], issuer: str) -> Principal:
    """The caller behind an access token.

    `keys`: the public keys by `kid`, as PyJWT takes them. Raises UnknownSigningKey when the token
    names a key that is not among them, else Unauthorized for whatever is not a token in force.
    """
    key = keys.get(_read_header(token).kid)
    if key is None:
        raise UnknownSigningKey
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": _REQUIRED},
        )
        return _principal(msgspec.convert(claims, _Claims))
    except jwt.ExpiredSignatureError as error:
        raise Unauthorized(EXPIRED) from error
    except (jwt.PyJWTError, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise Unauthorized from error


def _read_header(token: str) -> _Header:
    """Strict before anything is verified: no padding (RFC 7515, 2), no other member, no nesting."""
    if len(token) > _LENGTH_MAX or not _COMPACT.fullmatch(token):
        raise Unauthorized
    try:
        return _decode_header(base64url_decode(token.partition(".")[0]))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unauthorized from error


def _principal(claims: _Claims) -> Principal:
    return Principal(
        user_id=claims.sub,
        client_id=claims.client_id,
        scopes=frozenset(claims.scope.split()),
        expires_at_s=claims.exp,
        token_id=claims.jti,
        session=claims.sid,
    )
