"""Remembers verified access tokens, so that each is verified once.

Verifying costs about 150 µs. The cache holds digests, never a token itself.
"""

import hashlib
import time

from inference_plane.runtime.directory import Directory
from shared.auth import access_tokens
from shared.auth.principal import Principal
from shared.bounded_cache import BoundedCache
from shared.errors import Unauthorized

CACHE_SIZE_MAX = 50_000


class TokenCache:
    """Verifies tokens of one issuer by the keys that the directory holds."""

    def __init__(self, directory: Directory, issuer: str) -> None:
        self._directory, self._issuer = directory, issuer
        self._verified: BoundedCache[bytes, Principal] = BoundedCache(CACHE_SIZE_MAX)

    def verify(self, token: str) -> Principal:
        """The caller behind a token. Raises Unauthorized."""
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        principal = self._verified.get(digest)
        if principal is None:
            principal = access_tokens.verify(token, self._directory.keys, self._issuer)
            self._verified.set(digest, principal)
        if principal.expires_at_s + access_tokens.LEEWAY_S < time.time():
            self._verified.remove(digest)
            raise Unauthorized(access_tokens.EXPIRED)
        return principal
