"""Reads access tokens: RS256 by the control plane's published keys, RFC 9068's claims.

Verifying costs about 50 µs, so what was verified is remembered until it expires. Remembered is a
hash: the token itself is not kept.
"""

import hashlib
import time
from typing import Any

import jwt

from inference_plane.core.bounded_cache import Remembered
from inference_plane.runtime.directory import Directory
from shared.errors import Unauthorized
from shared.principal import ALGORITHM, AUDIENCE, TOKEN_TYPE, Principal

REMEMBERED_MAX = 50_000
LEEWAY_S = 5
_REQUIRED = ["exp", "iat", "sub", "client_id", "jti"]


class TokenCache:
    """`read` gives the caller behind a token, or Unauthorized."""

    def __init__(self, directory: Directory, issuer: str) -> None:
        self._directory, self._issuer = directory, issuer
        self._known: Remembered[bytes, Principal] = Remembered(REMEMBERED_MAX)

    def read(self, token: str) -> Principal:
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        known = self._known.find(digest)
        if known is None:
            known = self._verify(token)
            self._known.keep(digest, known)
        if known.expires_at_s + LEEWAY_S < time.time():
            self._known.forget(digest)
            raise Unauthorized("The access token has expired: refresh it.")
        return known

    def _verify(self, token: str) -> Principal:
        try:
            header = jwt.get_unverified_header(token)
            key = self._directory.keys.get(header.get("kid", ""))
            if key is None or header.get("typ", "").lower() != TOKEN_TYPE:
                raise Unauthorized
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": _REQUIRED},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("The access token has expired: refresh it.") from error
        except (jwt.PyJWTError, UnicodeError) as error:
            raise Unauthorized from error
        return _principal(claims)


def _principal(claims: dict[str, Any]) -> Principal:
    return Principal(
        user_id=str(claims["sub"]),
        client_id=str(claims["client_id"]),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        expires_at_s=int(claims["exp"]),
        token_id=str(claims["jti"]),
        session=str(claims.get("sid", "")),
    )
