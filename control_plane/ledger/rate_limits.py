"""An account's current usage of its rate limits, read from the window that reserve.lua maintains.

Same arithmetic as window.lua: a sliding minute, in which the previous minute counts in proportion
to its overlap with the last 60 s, and a UTC day. Tests compare the two.
"""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from shared.keyspace import window_key

_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_FIELDS = ("minute", "r0", "r1", "t0", "t1", "day", "credits")


@dataclass(frozen=True, slots=True)
class Used:
    """Current usage, and when minute and day end, in ms since 1970 by Redis' clock."""

    requests: int
    tokens: int
    credits_micro: int
    minute_ends_ms: int
    day_ends_ms: int


async def load_used(redis: Redis, account: str) -> Used:
    """Read the usage of an account. Raises redis-py's errors."""
    pipeline = redis.pipeline(transaction=True)
    pipeline.time()
    pipeline.hmget(window_key(account), *_FIELDS)
    answers: list[Any] = await pipeline.execute()
    (seconds, micros), values = answers
    known = {
        name: int(value) for name, value in zip(_FIELDS, values, strict=True) if value is not None
    }
    return read_window(known, seconds * 1000 + micros // 1000)


def read_window(window: dict[str, int], now_ms: int) -> Used:
    """Evaluate a window's fields, of which any may be missing, at `now_ms`. Pure."""
    minute, day = now_ms // _MINUTE_MS, now_ms // _DAY_MS
    age = minute - window.get("minute", -2)
    left_ms = _MINUTE_MS - now_ms % _MINUTE_MS
    return Used(
        requests=_sliding(window, ("r0", "r1"), age, left_ms),
        tokens=_sliding(window, ("t0", "t1"), age, left_ms),
        credits_micro=window.get("credits", 0) if window.get("day") == day else 0,
        minute_ends_ms=now_ms + left_ms,
        day_ends_ms=now_ms + _DAY_MS - now_ms % _DAY_MS,
    )


def _sliding(window: dict[str, int], names: tuple[str, str], age: int, left_ms: int) -> int:
    current = window.get(names[0], 0) if age == 0 else 0
    last = window.get(names[age ^ 1], 0) if age in {0, 1} else 0
    return current - (-last * left_ms // _MINUTE_MS)
