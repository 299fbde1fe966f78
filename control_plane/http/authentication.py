"""Who calls: the access token is checked against our own keys, and its scopes against the route's.

The keys are kept in memory for a minute; a token signed by a key that is not among them makes them
be read again, at most once a second, so a stream of forged ones costs the database nothing.
"""

import time

from aiohttp import web
from joserfc.jwk import KeySet
from redis.asyncio import Redis

from control_plane.identity.tokens import access_tokens
from control_plane.identity.tokens.signing_keys import Keys
from control_plane.kit import clock
from shared import api_keys, keyspace
from shared.errors import Forbidden, Unauthorized
from shared.events import KEY_CLIENT
from shared.principal import Principal

_KEYS_AGE_S_MAX = 60
_KEYS_AGE_S_MIN = 1


class Authenticator:
    """Reads access tokens of one issuer."""

    def __init__(self, keys: Keys, issuer: str, redis: Redis) -> None:
        self._keys, self._issuer, self._redis = keys, issuer, redis
        self._verifying: KeySet | None = None
        self._read_at = 0.0

    async def check(self, request: web.Request, scope: str) -> Principal:
        """Raises Unauthorized (no token in force) or Forbidden (it does not have this scope)."""
        token = _bearer(request)
        if token.startswith(api_keys.PREFIX):
            return _allowed(await self._of_key(token), scope)
        try:
            principal = access_tokens.check(token, await self._load(_KEYS_AGE_S_MAX), self._issuer)
        except Unauthorized:
            principal = access_tokens.check(token, await self._load(_KEYS_AGE_S_MIN), self._issuer)
        return _allowed(principal, scope)

    async def _of_key(self, secret: str) -> Principal:
        """An API key reads what its scopes say, as the published one does for the other plane."""
        found = await self._redis.hget(keyspace.API_KEYS, api_keys.digest(secret))
        if found is None:
            raise Unauthorized
        key = api_keys.decode(found)
        if 0 < key.expires_at_s <= clock.now().timestamp():
            raise Unauthorized("This API key has expired.")
        scopes = frozenset(key.scopes)
        client_id = KEY_CLIENT + key.id
        return Principal(key.user_id, client_id, scopes, key.expires_at_s, api_key=key.id)

    async def _load(self, age_s_max: int) -> KeySet:
        if self._verifying is None or time.monotonic() - self._read_at > age_s_max:
            self._verifying = await self._keys.load_verifying()
            self._read_at = time.monotonic()
        return self._verifying


def _allowed(principal: Principal, scope: str) -> Principal:
    if scope not in principal.scopes:
        raise Forbidden(f"This needs the scope {scope}.", details={"required_scope": scope})
    return principal


def _bearer(request: web.Request) -> str:
    """The bearer token, or what Anthropic's and Google's SDKs send in its place."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = request.headers.get("x-api-key") or request.headers.get("x-goog-api-key") or ""
    if not token.strip():
        raise Unauthorized
    return token.strip()
