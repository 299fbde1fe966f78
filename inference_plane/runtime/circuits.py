"""Circuit breakers of the providers' keys, shared by all replicas through Redis.

Most requests ask nobody: they look at what the last poll of Redis returned. Redis is asked only
where a circuit is open or an attempt fails. If Redis does not answer, every circuit counts as
closed: a circuit saves time, not money.
"""

import hashlib
import time

import structlog
from redis.asyncio import Redis

from inference_plane.runtime import scripts
from shared import keyspace
from shared.calls import LedgerAway, ScriptCalls

FAILURES = 5
ACCOUNTS = 3
"""So many accounts must be among the failures: what one account sends may make a provider fail for
it alone, and must not close the provider to the others."""

WINDOW_MS = 30_000
PAUSE_MS = 2_000
PAUSE_MS_MAX = 60_000
_log = structlog.get_logger("circuit")


class Circuits:
    """Call `allows` before an attempt, and `failed` or `succeeded` after it."""

    def __init__(self, redis: Redis, calls: ScriptCalls) -> None:
        self._redis, self._calls = redis, calls
        self._open: dict[str, float] = {}

    async def refresh(self) -> None:
        """Reads which circuits are open. Raises RedisError."""
        published = await self._redis.hgetall(keyspace.CIRCUITS_OPEN)
        self._open = {_text(name): float(until) for name, until in published.items()}

    @property
    def open(self) -> dict[str, float]:
        """The time until which each open circuit stays open, by name; in ms since 1970."""
        return self._open

    async def allows(self, name: str, account: str) -> bool:
        """Whether to try now. After the pause one caller in the whole cluster may."""
        until = self._open.get(name)
        if until is None:
            return True
        if until > time.time() * 1000:
            return False
        return await self._send(name, "check", account) in ("trial", "closed")

    async def failed(self, name: str, account: str) -> None:
        """`account` is whose request failed; empty for a failure that no request can cause."""
        if await self._send(name, "failed", account) == "open":
            self._open[name] = time.time() * 1000 + PAUSE_MS
            _log.warning("circuit.open", key=name)

    async def succeeded(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name, None)
            await self._send(name, "succeeded", "")
            _log.info("circuit.closed", key=name)

    async def _send(self, name: str, event: str, account: str) -> str:
        """The state that circuit.lua returns."""
        keys = [keyspace.circuit_key(name), keyspace.CIRCUITS_OPEN]
        limits = [FAILURES, WINDOW_MS, PAUSE_MS, PAUSE_MS_MAX, ACCOUNTS]
        digest = hashlib.sha256(account.encode()).hexdigest()[:16] if account else ""
        try:
            answer = await self._calls.call(scripts.CIRCUIT, keys, [name, event, *limits, digest])
        except LedgerAway:
            return "closed"
        return _text(answer[0])


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
