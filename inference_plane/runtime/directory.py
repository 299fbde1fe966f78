"""What a replica knows of the control plane: signing keys and the catalogue, read from Redis.

A version counter is polled; what it announces is read whole and swapped in at once. While Redis is
away, or when it holds a format this replica does not read, the last good copy stays in use.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import jwt
import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import catalogue, keyspace
from shared.auth import access_tokens

POLL_S = 1.0
_log = structlog.get_logger("directory")


class Directory:
    """`models` and `keys`, current to about a second."""

    def __init__(self, redis: Redis, *also: Callable[[], Awaitable[None]]) -> None:
        """`also` is asked with every poll: whatever else has to be as fresh."""
        self._redis, self._also = redis, also
        self._version: bytes | str | None = None
        self.models: dict[str, catalogue.Model] = {}
        self.aliases: dict[str, str] = {}
        self.keys: dict[str, Any] = {}

    @property
    def ready(self) -> bool:
        return bool(self.models and self.keys)

    def find(self, name: str) -> catalogue.Model | None:
        """The model of this name or alias."""
        return self.models.get(self.aliases.get(name, name))

    async def refresh(self) -> None:
        """Reads what has changed. Raises RedisError when Redis does not answer."""
        version = await self._redis.get(keyspace.DIRECTORY_VERSION)
        if version is None or version == self._version:
            return
        jwks, models = await self._redis.mget(keyspace.JWKS, keyspace.CATALOGUE)
        if jwks and models:
            self._adopt(jwks, models)
            self._version = version

    async def follow(self) -> None:
        """Keeps refreshing until cancelled."""
        while True:
            try:
                await self.refresh()
                for each in self._also:
                    await each()
            except (RedisError, OSError) as error:
                _log.warning("directory.away", error=type(error).__name__)
            await asyncio.sleep(POLL_S)

    def _adopt(self, jwks: bytes | str, models: bytes | str) -> None:
        try:
            snapshot = catalogue.decode(models)
            keys = access_tokens.read_jwks(json.loads(jwks))
        except (msgspec.MsgspecError, jwt.PyJWTError, ValueError, KeyError) as error:
            _log.error("directory.unreadable", error=type(error).__name__)
            return
        if snapshot.format != catalogue.FORMAT:
            _log.error("directory.format", format=snapshot.format)
            return
        self.models, self.aliases, self.keys = snapshot.models, snapshot.aliases, keys
