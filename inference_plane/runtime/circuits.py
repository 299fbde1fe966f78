"""Circuits of the providers' keys, shared by every replica through Redis.

A request asks no one: it looks at what the last poll brought. Only where a circuit is open, or an
attempt fails, is Redis asked. Without Redis every circuit counts as closed: it guards comfort, not
money.
"""

import time

import structlog
from redis.asyncio import Redis

from shared import keyspace, scripts
from shared.calls import LedgerAway, ScriptCalls

FAILURES = 5
WINDOW_MS = 30_000
PAUSE_MS = 2_000
PAUSE_MS_MAX = 60_000
_log = structlog.get_logger("circuit")


class Circuits:
    """`allows` before an attempt; `failed` or `succeeded` after it."""

    def __init__(self, redis: Redis, calls: ScriptCalls) -> None:
        self._redis, self._calls = redis, calls
        self._open: dict[str, float] = {}

    async def refresh(self) -> None:
        """What is open, as all replicas together have found. Raises RedisError."""
        found = await self._redis.hgetall(keyspace.CIRCUITS_OPEN)
        self._open = {_text(name): float(until) for name, until in found.items()}

    @property
    def open(self) -> dict[str, float]:
        """Names of open circuits to the time until which they are, in ms since 1970."""
        return self._open

    async def allows(self, name: str) -> bool:
        """Whether to try now. Past its pause one caller in the whole cluster may."""
        until = self._open.get(name)
        if until is None:
            return True
        if until > time.time() * 1000:
            return False
        return await self._tell(name, "ask") in ("trial", "closed")

    async def failed(self, name: str) -> None:
        if await self._tell(name, "failed") == "open":
            self._open[name] = time.time() * 1000 + PAUSE_MS
            _log.warning("circuit.open", key=name)

    async def succeeded(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name, None)
            await self._tell(name, "succeeded")
            _log.info("circuit.closed", key=name)

    async def _tell(self, name: str, event: str) -> str:
        keys = [keyspace.circuit_key(name), keyspace.CIRCUITS_OPEN]
        limits = [FAILURES, WINDOW_MS, PAUSE_MS, PAUSE_MS_MAX]
        try:
            answer = await self._calls.call(scripts.CIRCUIT, keys, [name, event, *limits])
        except LedgerAway:
            return "closed"
        return _text(answer[0])


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
