"""Whose is what a provider keeps: ids that an answer made, by account, in Redis.

A provider keeps things for the deployment's key, not for an account. An id that is not recorded for
the account does not exist for it. A record also names the provider's key, because another key may
belong to another organization, which does not know the id; and the model, by the caller's name.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import keyspace
from shared.errors import ServiceUnavailable

_log = structlog.get_logger("provider_ids")


class Recorded(NamedTuple):
    """The name of the provider's key, and the model as its caller named it; empty if unknown."""

    key: str
    model: str

    @classmethod
    def of(cls, value: str) -> "Recorded":
        key, _, model = value.partition(" ")
        return cls(key, model)


class ProviderIds:
    """`find` for each request that refers to something, `record` for each answer that made it,
    `remove` for what has been deleted.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def find(self, account: str, ids: Sequence[str]) -> dict[str, str]:
        """The provider's key by id, for those that are this account's. One call to Redis.

        Raises ServiceUnavailable if Redis does not answer.
        """
        found = await self._find(account, ids)
        return {each: record.key for each, record in found.items()}

    async def find_one(self, account: str, provider_id: str) -> Recorded | None:
        """What is recorded of one id. Raises ServiceUnavailable if Redis does not answer."""
        return (await self._find(account, [provider_id])).get(provider_id)

    async def _find(self, account: str, ids: Sequence[str]) -> dict[str, Recorded]:
        """By id, those that are this account's.

        Raises ServiceUnavailable if Redis does not answer.
        """
        try:
            found: list[Any] = await self._redis.mget([_key(account, each) for each in ids])
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        values = zip(ids, found, strict=True)
        return {each: Recorded.of(value.decode()) for each, value in values if value}

    async def remove(self, account: str, provider_id: str) -> None:
        """Forgets an id that the provider has deleted. A failure is logged: it expires anyway."""
        try:
            await self._redis.delete(_key(account, provider_id))
        except (RedisError, OSError) as error:
            _log.warning("provider_ids.unremoved", error=type(error).__name__)

    async def record(
        self, account: str, seconds: Mapping[str, int], provider_key: str, model: str = ""
    ) -> None:
        """Records ids for so many seconds each. `model` is the id that the caller knows it by.

        A failure is logged: the answer has been given.
        """
        value = f"{provider_key} {model}".rstrip()
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for each, kept_s in seconds.items():
                    pipeline.set(_key(account, each), value, ex=kept_s)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            _log.warning("provider_ids.unrecorded", error=type(error).__name__)


def _key(account: str, provider_id: str) -> str:
    digest = hashlib.sha256(provider_id.encode(errors="replace")).hexdigest()[:32]
    return keyspace.provider_id_key(account, digest)
