"""What posting usage events into PostgreSQL costs: workers and PostgreSQL, per event."""

import asyncio
import time
from pathlib import Path
from typing import Any

import asyncpg
from redis.asyncio import Redis

from loadtests.bench.process_cpu import Cpu, ProcessCpu, between

PATIENCE_S = 120
_FOLDER = Path(__file__).parent


async def remove_limits(database_url: str) -> None:
    """Removes the limits of every tier of this instance, which belongs to the benchmark."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_sql("remove_limits"))
    finally:
        await connection.close()


async def wait_until_posted(environment: dict[str, Any]) -> int:
    """Waits until every outbox entry is in PostgreSQL; returns how many postings there are.

    Raises TimeoutError if that takes longer than PATIENCE_S seconds.
    """
    redis = Redis.from_url(environment["REDIS_URL"])
    connection = await asyncpg.connect(environment["DATABASE_URL"])
    try:
        deadline = time.monotonic() + PATIENCE_S
        while await _lag(redis):
            if time.monotonic() > deadline:
                raise TimeoutError("the outbox did not drain")
            await asyncio.sleep(0.2)
        return int(await connection.fetchval(_sql("count_postings")))
    finally:
        await connection.close()
        await redis.aclose()


async def _lag(redis: Redis) -> int:
    """Entries not yet delivered, and delivered but not yet acknowledged."""
    open_entries = 0
    for key in await redis.keys("*:out"):
        for group in await redis.xinfo_groups(key):
            open_entries += (group["lag"] or 0) + group["pending"]
    return open_entries


def per_event(process_cpu: ProcessCpu, before: Cpu, events: int) -> dict[str, float]:
    """µs of CPU per event since `before`."""
    used = between(before, process_cpu.sample())
    return {name: used[name] * 1e6 / max(1, events) for name in ("workers", "postgres")}


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text()
