"""Limits guessing. A slot is taken before anything is verified, and given back after a success.

    limits = Count("login", network, 100), Pause("login", address)
    await throttle.begin(*limits)      # raises before a password is hashed
    ...                                # verify
    await throttle.succeed(*limits)    # only if it was correct

Taking is atomic in Redis, so parallel attempts share the limit, and above it the right secret is
refused like a wrong one. Fails open: without Redis nobody is limited.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import ClassVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.kit import clock
from shared import keyspace, scripts
from shared.errors import RateLimitExceeded

_FREE_ATTEMPTS = 5
_PAUSE_S_MAX = 900
_FORGET_S = 3600
_WINDOW_S = 600
_TAKE = scripts.load("take_attempt", files("control_plane.identity.lua"))


class TooManyAttempts(RateLimitExceeded):
    """Too many attempts. Wait a moment and try again."""


def pause_s(failures: int) -> int:
    """The pause in seconds after consecutive failures: 0, then 1, 2, 4 … up to 900. Pure."""
    beyond = failures - _FREE_ATTEMPTS
    return 0 if beyond < 0 else min(2 ** min(beyond, 10), _PAUSE_S_MAX)


_PAUSES = [pause_s(failures) for failures in range(1, _FREE_ATTEMPTS + 11)]


@dataclass(frozen=True, slots=True)
class Pause:
    """Consecutive failures of one name: from the fifth on, each starts a pause that doubles."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """At most `limit` attempts by one name, such as a network, within ten minutes."""

    kind: str
    name: str
    limit: int
    window_s: ClassVar[int] = _WINDOW_S


Limit = Pause | Count


class Throttle:
    """Names are stored as digests. `kind` separates counters of different actions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE.text)

    async def begin(self, *limits: Limit) -> None:
        """Take a slot of each. Raises TooManyAttempts, with Retry-After."""
        try:
            for limit in limits:
                wait_ms = await self._begin(limit)
                if wait_ms:
                    raise TooManyAttempts(headers={"Retry-After": str(-(-wait_ms // 1000))})
        except RedisError:
            return

    async def succeed(self, *limits: Limit) -> None:
        """The attempt was no guess: end the pause, and give back the slots of counts."""
        try:
            for limit in limits:
                await self._succeed(limit)
        except RedisError:
            return

    async def _begin(self, limit: Limit) -> int:
        """Milliseconds to wait; 0 when the slot was taken."""
        key = keyspace.attempts_key(limit.kind, limit.name)
        if isinstance(limit, Pause):
            arguments = [clock.now().timestamp(), _FORGET_S, *_PAUSES]
            return int(await self._take(keys=[key], args=arguments))
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.set(key, 0, ex=limit.window_s, nx=True)
        pipeline.incr(key)
        pipeline.pttl(key)
        _, count, left_ms = await pipeline.execute()
        return max(1, left_ms) if count > limit.limit else 0

    async def _succeed(self, limit: Limit) -> None:
        key = keyspace.attempts_key(limit.kind, limit.name)
        if isinstance(limit, Pause):
            await self._redis.delete(key)
            return
        # The window may have ended meanwhile, and a new key must expire, too.
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.set(key, 0, ex=limit.window_s, nx=True)
        pipeline.decr(key)
        await pipeline.execute()
