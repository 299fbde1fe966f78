"""Planted secrets appear nowhere: in no log, answer, header, metric, event or Redis key.

The providers' keys, a caller's token and prompt, and a secret in a provider's error text are
planted; every surface calls every provider, successfully and with every kind of failure.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import structlog
from redis.asyncio import Redis

from tests.support.judges import raw
from tests.support.judges.harness import Harness, prompt, running_harness
from tests.support.testbed import token

_BETRAYED = "sk-proj-betrayed0123456789abcdef"
_WORDS = "words that only their author may read"
_KEYS = {
    "OPENAI_API_KEY": "sk-proj-planted0123456789abcdef",
    "ANTHROPIC_API_KEY": "sk-ant-planted0123456789abcdef",
    "GOOGLE_API_KEY": "AIzaSyPlanted0123456789abcdefghijklmnop",
}
_WAYS: dict[str, dict[str, Any]] = {
    "answered": {"text": "yes"},
    "refused": {"status": 400},
    "locked out": {"status": 401},
    "busy": {"status": 429, "retry_after": 9},
    "failing": {"status": 500},
    "overloaded": {"status": 529},
    "error at once": {"error_at_frame": 1},
    "error in the stream": {"frames": 20, "frame_delay_ms": 3, "error_at_frame": 9},
    "cut": {"frames": 20, "frame_delay_ms": 3, "fail_at_frame": 9},
}


@pytest.fixture
async def planted(redis_url: str) -> AsyncIterator[Harness]:
    async with running_harness(redis_url, _KEYS) as harness:
        yield harness


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("way", _WAYS)
async def test_planted_secrets_come_out_nowhere(
    planted: Harness, caplog: pytest.LogCaptureFixture, way: str, streamed: bool
) -> None:
    text = prompt(_WORDS, secret=_BETRAYED, **_WAYS[way])
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as written:
        answers = await asyncio.gather(
            *(
                raw.post(planted.testbed, *raw.request(surface, provider, text, streamed=streamed))
                for surface, provider in raw.PAIRS
            )
        )
        await planted.testbed.until_idle()
    assert len(written) >= len(raw.PAIRS)
    everything = {
        "logs": [repr(each) for each in written] + [_whole(each) for each in caplog.records],
        "answers": [f"{status} {dict(headers)} {body!r}" for status, headers, body in answers],
        "metrics": [planted.testbed.runtime.metrics.exposition().decode()],
        "redis": await _dump(planted.testbed.redis),
    }
    secrets = [*_KEYS.values(), token("A").split(".")[2], _BETRAYED, _WORDS]
    leaks = [
        (where, secret)
        for where, texts in everything.items()
        for secret in secrets
        if any(secret in each for each in texts)
    ]
    assert leaks == []


def _whole(record: logging.LogRecord) -> str:
    """A line with its traceback, as a handler would write it."""
    return logging.Formatter().format(record)


async def _dump(redis: Redis) -> list[str]:
    """Every key and value in Redis."""
    read: dict[str, Callable[[Any], Any]] = {
        "string": redis.get,
        "hash": redis.hgetall,
        "stream": redis.xrange,
        "set": redis.smembers,
        "zset": lambda key: redis.zrange(key, 0, -1),
        "list": lambda key: redis.lrange(key, 0, -1),
    }
    found = []
    async for key in redis.scan_iter():
        kind = await redis.type(key)
        named = kind.decode() if isinstance(kind, bytes) else kind
        found.append(f"{key!r} {await read[named](key)!r}")
    return found
