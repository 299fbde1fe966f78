"""Verifies the caller of an API request: an access token or an API key.

The signing keys are kept in memory for a minute. A token that names another key makes them be read
again, at most once a second, so that a flood of forged tokens costs the database nothing.
"""

import time
from typing import Any

from aiohttp import web
from redis.asyncio import Redis

from control_plane.identity.tokens.signing_keys import Keys
from shared.auth import access_tokens
from shared.auth.access_tokens import UnknownSigningKey
from shared.auth.api_keys import PREFIX, ApiKeys
from shared.auth.credentials import read_credential
from shared.auth.principal import Principal
from shared.errors import Unauthorized

_KEYS_AGE_S_MAX = 60
_KEYS_AGE_S_MIN = 1


class Authenticator:
    """Verifies tokens of one issuer, and API keys."""

    def __init__(self, keys: Keys, issuer: str, redis: Redis) -> None:
        self._keys, self._issuer, self._api_keys = keys, issuer, ApiKeys(redis)
        self._verifiers: dict[str, Any] = {}
        self._read_at = float("-inf")

    async def verify(self, request: web.Request) -> Principal:
        """The caller, whatever the scopes. Raises Unauthorized."""
        credential = read_credential(request.headers.get)
        if not credential:
            raise Unauthorized
        if credential.startswith(PREFIX):
            return await self._api_keys.verify(credential)
        try:
            return await self._verify_token(credential, _KEYS_AGE_S_MAX)
        except UnknownSigningKey:
            return await self._verify_token(credential, _KEYS_AGE_S_MIN)

    async def _verify_token(self, token: str, keys_age_s_max: int) -> Principal:
        if time.monotonic() - self._read_at > keys_age_s_max:
            self._verifiers = await self._keys.load_verifiers()
            self._read_at = time.monotonic()
        return access_tokens.verify(token, self._verifiers, self._issuer)
