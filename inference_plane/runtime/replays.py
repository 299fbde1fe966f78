"""Answers kept for a while under their idempotency keys, in Redis, so that any replica has them.

A caller who never got the answer asks again with the same key: it gets what was said, from the
start or from where it was cut off, also while it is still being said. It is charged once, because
it is run once. What is kept is the answer, never the prompt, and only where a key was given.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from inference_plane.core.event_ids import Numbering
from shared import keyspace, scripts
from shared.calls import Argument, LedgerAway, ScriptCalls
from shared.errors import ServiceUnavailable

REMEMBERED_MS = 24 * 3600 * 1000
LEASE_MS = 20_000
BEAT_S = 5.0
LINGER_S = 0.02
POLL_S = 0.1
PATIENCE_S = 1.0
_log = structlog.get_logger("replay")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key as its account's own: the caller's words are hashed."""

    account: str
    name: str

    @classmethod
    def of(cls, account: str, text: str) -> "Key":
        return cls(account, hashlib.sha256(text.encode()).hexdigest()[:32])

    def keys(self) -> list[str]:
        return [
            keyspace.claim_key(self.account, self.name),
            keyspace.replay_key(self.account, self.name),
        ]


class Recorder:
    """Keeps one answer while it is being given. `add` never waits; a task of its own writes."""

    def __init__(self, calls: ScriptCalls, key: Key, keep_ms: int, *, numbered: bool) -> None:
        self._calls, self._key, self._keep_ms = calls, key, keep_ms
        self._numbering = Numbering() if numbered else None
        self._waiting: list[bytes] = []
        self._news = asyncio.Event()
        self._over = ""
        self.heard_ms_ago = -1
        self.task = asyncio.get_running_loop().create_task(self._write_for_ever())

    def add(self, data: bytes) -> bytes:
        """Keeps a piece; returns it as it is to be sent."""
        written = self._numbering.write(data) if self._numbering else data
        if written:
            self._waiting.append(written)
            self._news.set()
        return written

    def finish(self, state: str) -> None:
        """`done`, or `forgotten` where nothing was answered and the key may be used again."""
        self._over = self._over or state
        self._news.set()

    async def forget(self) -> None:
        """Frees the key before its caller is refused: it may ask again at once."""
        self.finish("forgotten")
        await asyncio.wait({self.task}, timeout=PATIENCE_S)

    async def _write_for_ever(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), BEAT_S)
                await asyncio.sleep(0 if self._over else LINGER_S)
            self._news.clear()
            over, pieces = self._over, self._waiting
            self._waiting = []
            if await self._write(over or "running", pieces) and over:
                return

    async def _write(self, state: str, pieces: list[bytes]) -> bool:
        args: list[Argument] = [LEASE_MS, self._keep_ms, state, len(pieces), *pieces]
        try:
            answer = await self._calls.call(scripts.RENEW, self._key.keys(), args)
        except LedgerAway:
            self._waiting = pieces + self._waiting
            self._news.set()
            await asyncio.sleep(BEAT_S / 10)
            return False
        self.heard_ms_ago = int(answer[1])
        return True


class Replays:
    """`claim` a key, `record` what is answered under it, `read` what was."""

    def __init__(self, redis: Redis, calls: ScriptCalls, keep_s: float) -> None:
        self._redis, self._calls, self._keep_ms = redis, calls, round(keep_s * 1000)

    async def claim(self, key: Key, fingerprint: str) -> str:
        """What claim.lua says. Raises ServiceUnavailable: without Redis nothing is promised."""
        try:
            answer = await self._calls.call(
                scripts.CLAIM, key.keys(), [fingerprint, REMEMBERED_MS, LEASE_MS]
            )
        except LedgerAway as error:
            raise ServiceUnavailable from error
        return str(answer[0].decode() if isinstance(answer[0], bytes) else answer[0])

    def record(self, key: Key, *, numbered: bool) -> Recorder:
        return Recorder(self._calls, key, self._keep_ms, numbered=numbered)

    async def read(self, key: Key) -> AsyncIterator[bytes]:
        """The pieces in their order, as they come; b"" now and then while none does.

        Ends when all has been said. Raises ServiceUnavailable when it never will be: who was
        answering has died, or gave up before a word.
        """
        claim, stream = key.keys()
        last = "0-0"
        while True:
            entries = await self._next(stream, last)
            for entry, fields in entries:
                last = entry.decode()
                if b"end" in fields:
                    return
                yield fields[b"d"]
            if not entries:
                await self._check_alive(claim)
                yield b""

    async def _next(self, stream: str, last: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        try:
            found: Any = await self._redis.xrange(stream, min=f"({last}", count=64)
            if not found:
                await asyncio.sleep(POLL_S)
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        return list(found)

    async def _check_alive(self, claim: str) -> None:
        try:
            seconds, micros = await self._redis.time()
            now_ms = int(seconds) * 1000 + int(micros) // 1000
            state, until = await self._redis.hmget(claim, ["state", "until"])
            if state == b"running":
                await self._redis.hset(claim, "heard", str(now_ms))
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        if state is None:
            raise ServiceUnavailable("The first request of this key was given up; ask again.")
        if state == b"running" and int(until or 0) < now_ms:
            raise ServiceUnavailable("The first request of this key broke off; use a new key.")
