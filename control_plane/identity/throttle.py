"""Limits guessing. Redis counts failures per name, with a pause that doubles, and attempts per IP
address, with a limit. Fails open: without Redis nobody is limited.
"""

from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.kit import clock
from shared import keyspace
from shared.errors import RateLimitExceeded

_FREE_ATTEMPTS = 5
_PAUSE_S_MAX = 900
_FORGET_S = 3600
_WINDOW_S = 600


class TooManyAttempts(RateLimitExceeded):
    """Too many attempts. Wait a moment and try again."""


def pause_s(failures: int) -> int:
    """The pause in seconds after consecutive failures: 0, then 1, 2, 4 … up to 900. Pure."""
    beyond = failures - _FREE_ATTEMPTS
    return 0 if beyond < 0 else min(2 ** min(beyond, 10), _PAUSE_S_MAX)


class Throttle:
    """Names and addresses are stored as digests. `kind` separates counters of different actions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def check_failures(self, kind: str, name: str) -> None:
        """Raises TooManyAttempts, with Retry-After, while this name is paused."""
        found = await self._read(keyspace.attempts_key(kind, name))
        failures, until = int(found.get(b"failures", 0)), float(found.get(b"until", 0))
        wait = until - clock.now().timestamp()
        if failures and wait > 0:
            raise _refusal(int(wait) + 1)

    async def record_failure(self, kind: str, name: str) -> None:
        """Count a failure of this name and start its pause."""
        key = keyspace.attempts_key(kind, name)
        try:
            # Count and expiry in one transaction, so that a crash leaves no name paused for ever.
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.hincrby(key, "failures", 1)
            pipeline.expire(key, _FORGET_S)
            failures, _ = await pipeline.execute()
            until = str(clock.now().timestamp() + pause_s(failures))
            await self._redis.hset(key, "until", until)
        except RedisError:
            return

    async def clear_failures(self, kind: str, name: str) -> None:
        """Forget the failures of this name after a success."""
        try:
            await self._redis.delete(keyspace.attempts_key(kind, name))
        except RedisError:
            return

    async def count(self, kind: str, address: str, limit: int) -> None:
        """Count an attempt. Raises TooManyAttempts above `limit` within ten minutes."""
        key = keyspace.attempts_key(kind, address)
        try:
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.set(key, 0, ex=_WINDOW_S, nx=True)
            pipeline.incr(key)
            pipeline.ttl(key)
            _, count, left = await pipeline.execute()
        except RedisError:
            return
        if count > limit:
            raise _refusal(max(1, left))

    async def _read(self, key: str) -> dict[bytes, bytes]:
        try:
            found: Any = await self._redis.hgetall(key)
        except RedisError:
            return {}
        return cast(dict[bytes, bytes], found)


def _refusal(wait_s: int) -> TooManyAttempts:
    return TooManyAttempts(headers={"Retry-After": str(wait_s)})
