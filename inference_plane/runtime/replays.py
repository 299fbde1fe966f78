"""Answers kept for a while by idempotency key, in Redis, so that any replica can replay them.

A caller who never received the answer repeats the request with the same key, and gets the answer
from its start or from where it was cut off, even while it is still being generated. The request
runs once and is charged once. Only the answer is kept, never the prompt, and only for a request
that has a key. Source: IETF draft-ietf-httpapi-idempotency-key-header.
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

from inference_plane.core.event_ids import EventIds
from inference_plane.runtime import scripts
from shared import keyspace
from shared.calls import Argument, LedgerAway, ScriptCalls
from shared.errors import IdempotencyConflict, ServiceUnavailable

KEY_TTL_MS = 24 * 3600 * 1000
LEASE_MS = 20_000
RENEW_S = 5.0
BATCH_S = 0.02
POLL_S = 0.1
RELEASE_TIMEOUT_S = 1.0
_EXPIRED = "This request was answered, and its answer has expired. Use a new idempotency key."
_log = structlog.get_logger("replay")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key within its account. `name` is a digest of what the caller sent."""

    account: str
    name: str

    @classmethod
    def of(cls, account: str, text: str) -> "Key":
        return cls(account, hashlib.sha256(text.encode()).hexdigest()[:32])

    def keys(self) -> list[str]:
        """The Redis keys of its claim and its answer."""
        return [
            keyspace.claim_key(self.account, self.name),
            keyspace.replay_key(self.account, self.name),
        ]


class Recording:
    """Keeps one answer while it is sent. `add` never waits: a task of its own writes to Redis.

    `last_read_ms_ago`: when a repeated request last waited for more of it; -1 is never.
    """

    def __init__(self, calls: ScriptCalls, key: Key, keep_ms: int, *, numbered: bool) -> None:
        """`numbered`: the answer is a stream whose events get ids."""
        self._calls, self._key, self._keep_ms = calls, key, keep_ms
        self._event_ids = EventIds() if numbered else None
        self._waiting: list[bytes] = []
        self._changed = asyncio.Event()
        self._final_state = ""
        self.last_read_ms_ago = -1
        self.task = asyncio.get_running_loop().create_task(self._write_until_closed())

    def add(self, data: bytes) -> bytes:
        """Keeps a piece of the answer; returns it as it is to be sent, with its event ids."""
        written = self._event_ids.add(data) if self._event_ids else data
        if written:
            self._waiting.append(written)
            self._changed.set()
        return written

    def close(self, state: str) -> None:
        """`done`, or `released` where nothing was charged and the key can be used again."""
        self._final_state = self._final_state or state
        self._changed.set()

    async def release(self) -> None:
        """Frees the key before its caller gets an error, so that a retry can use it at once."""
        self.close("released")
        await asyncio.wait({self.task}, timeout=RELEASE_TIMEOUT_S)

    async def _write_until_closed(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), RENEW_S)
                await asyncio.sleep(0 if self._final_state else BATCH_S)
            self._changed.clear()
            final_state, pieces = self._final_state, self._waiting
            self._waiting = []
            if await self._write(final_state or "running", pieces) and final_state:
                return

    async def _write(self, state: str, pieces: list[bytes]) -> bool:
        args: list[Argument] = [LEASE_MS, self._keep_ms, state, len(pieces), *pieces]
        try:
            answer = await self._calls.call(scripts.RENEW, self._key.keys(), args)
        except LedgerAway:
            self._waiting = pieces + self._waiting
            self._changed.set()
            await asyncio.sleep(RENEW_S / 10)
            return False
        self.last_read_ms_ago = int(answer[1])
        return True


class Replays:
    """Claims idempotency keys, records answers and reads them back."""

    def __init__(self, redis: Redis, calls: ScriptCalls, keep_s: float) -> None:
        """`keep_s`: how long an answer is kept after its last piece."""
        self._redis, self._calls, self._keep_ms = redis, calls, round(keep_s * 1000)

    async def claim(self, key: Key, fingerprint: str) -> str:
        """The outcome that claim.lua names. Raises ServiceUnavailable if Redis does not answer."""
        try:
            answer = await self._calls.call(
                scripts.CLAIM, key.keys(), [fingerprint, KEY_TTL_MS, LEASE_MS]
            )
        except LedgerAway as error:
            raise ServiceUnavailable from error
        return str(answer[0].decode() if isinstance(answer[0], bytes) else answer[0])

    def record(self, key: Key, *, numbered: bool) -> Recording:
        return Recording(self._calls, key, self._keep_ms, numbered=numbered)

    async def read(self, key: Key) -> AsyncIterator[bytes]:
        """The pieces in order, as they are recorded; b"" now and then while none is.

        Ends after the last piece. Raises IdempotencyConflict if the answer has expired, also while
        it is read; ServiceUnavailable if there will be no more: the replica that answered has died,
        or the first request failed before it was charged.
        """
        claim, stream = key.keys()
        last, is_done = "0-0", False
        while True:
            entries = await self._next(stream, last)
            for entry, fields in entries:
                last = entry.decode()
                if b"end" in fields:
                    return
                yield fields[b"d"]
            if not entries:
                if is_done:  # since before the stream was found empty
                    raise IdempotencyConflict(_EXPIRED)
                is_done = await self._is_done(claim)
                yield b""

    async def _next(self, stream: str, last: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        try:
            entries: Any = await self._redis.xrange(stream, min=f"({last}", count=64)
            if not entries:
                await asyncio.sleep(POLL_S)
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        return list(entries)

    async def _is_done(self, claim: str) -> bool:
        """Whether the answer was recorded to its end. Raises as `read` does."""
        try:
            seconds, micros = await self._redis.time()
            now_ms = int(seconds) * 1000 + int(micros) // 1000
            state, until = await self._redis.hmget(claim, ["state", "until"])
            if state == b"running":
                await self._redis.hset(claim, "last_read", str(now_ms))
        except (RedisError, OSError) as error:
            raise ServiceUnavailable from error
        if state is None:
            raise ServiceUnavailable(
                "The first request with this idempotency key failed. Send it again."
            )
        if state == b"running" and int(until or 0) < now_ms:
            raise ServiceUnavailable(
                "The first request with this idempotency key was interrupted. Use a new key."
            )
        return bool(state == b"done")
