"""Slows guessing down. Failures are counted in Redis: per name, with a pause that doubles, and per
address, with a limit. Without Redis nobody is slowed: comfort fails open.
"""

from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.kit import clock
from shared import keyspace
from shared.errors import RateLimitExceeded

_FREE_TRIES = 5
_PAUSE_S_MAX = 900
_FORGET_S = 3600
_WINDOW_S = 600


class TooManyTries(RateLimitExceeded):
    """Too many tries: wait a little and try again."""


def pause_s(failures: int) -> int:
    """Seconds to wait after so many failures in a row: 0, then 1, 2, 4 … to 15 minutes. Pure."""
    beyond = failures - _FREE_TRIES
    return 0 if beyond < 0 else min(2 ** min(beyond, 10), _PAUSE_S_MAX)


class Throttle:
    """Names and addresses are kept as digests: the keys tell nobody who tried."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def check_name(self, kind: str, name: str) -> None:
        """Raises TooManyTries while this name's pause lasts."""
        found = await self._read(keyspace.attempts_key(kind, name))
        failures, until = int(found.get(b"n", 0)), float(found.get(b"until", 0))
        wait = until - clock.now().timestamp()
        if failures and wait > 0:
            raise _refusal(int(wait) + 1)

    async def fail_name(self, kind: str, name: str) -> None:
        """One more failure of this name."""
        key = keyspace.attempts_key(kind, name)
        try:
            # A count and its end in one step: whatever breaks in between, no name pauses for ever.
            counting = self._redis.pipeline(transaction=True)
            counting.hincrby(key, "n", 1)
            counting.expire(key, _FORGET_S)
            failures, _ = await counting.execute()
            until = str(clock.now().timestamp() + pause_s(failures))
            await self._redis.hset(key, "until", until)
        except RedisError:
            return

    async def clear_name(self, kind: str, name: str) -> None:
        """It was the right one after all."""
        try:
            await self._redis.delete(keyspace.attempts_key(kind, name))
        except RedisError:
            return

    async def count(self, kind: str, address: str, limit: int) -> None:
        """One more from this address. Raises TooManyTries above `limit` in ten minutes."""
        key = keyspace.attempts_key(kind, address)
        try:
            counting = self._redis.pipeline(transaction=True)
            counting.set(key, 0, ex=_WINDOW_S, nx=True)
            counting.incr(key)
            counting.ttl(key)
            _, count, left = await counting.execute()
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


def _refusal(wait_s: int) -> TooManyTries:
    return TooManyTries(headers={"Retry-After": str(wait_s)})
