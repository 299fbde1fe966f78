"""Reads what the control plane publishes in Redis: signing keys and the catalogue.

A version counter is polled; when it has changed, everything is read and replaced at once. While
Redis does not answer, or holds a format that this replica does not read, the last good copy stays.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
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
    """`models` by id, ids by alias, public `keys` by `kid`; about a second old at most.

    `fees` are the highest of any model, by their names.
    """

    def __init__(self, redis: Redis, *refreshed: Callable[[], Awaitable[None]]) -> None:
        """`refreshed` are called with every poll: what else is polled from Redis."""
        self._redis, self._refreshed = redis, refreshed
        self._version: bytes | str | None = None
        self.models: dict[str, catalogue.Model] = {}
        self.aliases: dict[str, str] = {}
        self.fees: dict[str, int] = {}
        self.keys: dict[str, Any] = {}

    @property
    def ready(self) -> bool:
        """Whether keys and catalogue have been read."""
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
            self._replace(jwks, models)
            self._version = version

    async def poll(self) -> None:
        """Refreshes every second until cancelled."""
        while True:
            try:
                await self.refresh()
                for refresh in self._refreshed:
                    await refresh()
            except (RedisError, OSError) as error:
                _log.warning("directory.unavailable", error=type(error).__name__)
            await asyncio.sleep(POLL_S)

    def _replace(self, jwks: bytes | str, models: bytes | str) -> None:
        try:
            snapshot = catalogue.decode(models)
            keys = access_tokens.read_jwks(json.loads(jwks))
        except (msgspec.MsgspecError, jwt.PyJWTError, ValueError, KeyError) as error:
            _log.error("directory.invalid", error=type(error).__name__)
            return
        if snapshot.format != catalogue.FORMAT:
            _log.error("directory.unknown_format", format=snapshot.format)
            return
        self.models, self.aliases, self.keys = snapshot.models, snapshot.aliases, keys
        self.fees = _dearest_fees(snapshot.models.values())


def _dearest_fees(models: Iterable[catalogue.Model]) -> dict[str, int]:
    """The highest fee of any model, by its name."""
    found: dict[str, int] = {}
    for model in models:
        for name, fee in model.fees.items():
            found[name] = max(fee, found.get(name, 0))
    return found
