"""Reads API keys: what the control plane has published of them, asked for as they are shown.

An answer is believed for a second, so a key that was revoked opens nothing two seconds later, and a
busy one costs Redis a question a second.
"""

import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from inference_plane.core.bounded_cache import Remembered
from shared import api_keys, keyspace
from shared.errors import ServiceUnavailable, Unauthorized
from shared.events import KEY_CLIENT
from shared.principal import Principal

BELIEVED_S = 1.0
REMEMBERED_MAX = 50_000
_NEVER = (float("-inf"), None)


class ApiKeys:
    """`read` gives the caller behind a key, or Unauthorized. What is remembered is its digest."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known: Remembered[str, tuple[float, Principal | None]] = Remembered(REMEMBERED_MAX)

    async def read(self, secret: str) -> Principal:
        """Fails closed: without Redis nobody is believed."""
        digest = api_keys.digest(secret)
        at, principal = self._known.find(digest) or _NEVER
        if time.monotonic() - at > BELIEVED_S:
            principal = await self._ask(digest)
            self._known.keep(digest, (time.monotonic(), principal))
        if principal is None:
            raise Unauthorized("This API key is not valid.")
        if 0 < principal.expires_at_s <= time.time():
            raise Unauthorized("This API key has expired.")
        return principal

    async def _ask(self, digest: str) -> Principal | None:
        try:
            found = await self._redis.hget(keyspace.API_KEYS, digest)
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        return None if found is None else _principal(api_keys.decode(found))


def _principal(key: api_keys.ApiKey) -> Principal:
    return Principal(
        user_id=key.user_id,
        client_id=KEY_CLIENT + key.id,
        scopes=frozenset(key.scopes),
        expires_at_s=key.expires_at_s,
        api_key=key.id,
        cap=key.cap,
    )
