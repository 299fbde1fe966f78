"""API keys: their form, what is published of each in Redis, and the one reader of both planes.

A key is 256 random bits behind a prefix that secret scanners can find. Only its SHA-256 is stored:
with so much randomness a slow hash would protect nothing more.
"""

import hashlib
import secrets
import time

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace
from shared.auth.principal import Principal
from shared.bounded_cache import BoundedCache
from shared.errors import ServiceUnavailable, Unauthorized
from shared.events import KEY_CLIENT

PREFIX = "hr_live_"
PREFIX_SHOWN = len(PREFIX) + 4
"""So many characters of a key are stored and shown, so that its owner can tell keys apart."""

CACHE_S = 1.0
"""A revoked key opens nothing after this; a busy one costs Redis one read in this time."""

_CACHE_SIZE_MAX = 50_000
_NEVER = (float("-inf"), None)


class ApiKey(msgspec.Struct, frozen=True):
    """`cap` is in micro-credits, -1 is none; `expires_at_s` is 0 for a key that does not expire."""

    id: str
    user_id: str
    scopes: tuple[str, ...]
    cap: int = -1
    expires_at_s: int = 0

    def principal(self) -> Principal:
        return Principal(
            user_id=self.user_id,
            client_id=KEY_CLIENT + self.id,
            scopes=frozenset(self.scopes),
            expires_at_s=self.expires_at_s,
            api_key=self.id,
            cap=self.cap,
        )


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(ApiKey).decode


def create_secret() -> str:
    """A new secret: shown once, never stored."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hex: what the key is stored and looked up by."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class ApiKeys:
    """Reads what the control plane has published of each key."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._cache: BoundedCache[str, tuple[float, Principal | None]]
        self._cache = BoundedCache(_CACHE_SIZE_MAX)

    async def verify(self, secret: str) -> Principal:
        """The caller behind a key.

        Raises Unauthorized, or ServiceUnavailable when Redis does not answer: nobody is let in.
        """
        key_digest = digest(secret)
        read_at, principal = self._cache.get(key_digest) or _NEVER
        if time.monotonic() - read_at > CACHE_S:
            principal = await self._read(key_digest)
            self._cache.set(key_digest, (time.monotonic(), principal))
        if principal is None:
            raise Unauthorized("This API key is not valid.")
        if 0 < principal.expires_at_s <= time.time():
            raise Unauthorized("This API key has expired.")
        return principal

    async def _read(self, key_digest: str) -> Principal | None:
        try:
            published = await self._redis.hget(keyspace.API_KEYS, key_digest)
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        return None if published is None else decode(published).principal()
