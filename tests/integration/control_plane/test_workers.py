"""The workers as the process they are: started, killed, emptied of Redis, ended."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from control_plane import operations
from control_plane.connections import Connections
from control_plane.credits import loading
from control_plane.settings import Settings
from control_plane.users.records import User
from shared import keyspace
from shared.credits import MICRO
from shared.keyspace import account_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.processes import Process, running


@pytest.fixture
def workers(settings: Settings, tmp_path: Path) -> Process:
    log = tmp_path / "workers.log"
    return Process("workers", settings, log, HEADRACE_RECLAIM_IDLE_MS="300")


@pytest.fixture
def spender(connections: Connections, user: User) -> Spender:
    return Spender(connections.ledger, user.id)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Waits for something the workers do."""
    async with asyncio.timeout(40):
        while not await true():
            await asyncio.sleep(0.05)


def booked(connections: Connections, count: int) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        found = await connections.pool.fetchval("SELECT count(*) FROM ledger_tx WHERE seq > 0")
        return bool(found == count)

    return check


async def test_entries_written_before_the_first_start_are_booked_and_trimmed(
    settings: Settings, connections: Connections, spender: Spender, workers: Process
) -> None:
    for _ in range(30):
        await spender.spend(1_000)
    async with running(workers):
        await until(booked(connections, 30))
        stream = outbox_key(shard_of(spender.account))

        async def trimmed() -> bool:
            return bool(await connections.redis.xlen(stream) == 0)

        await until(trimmed)
        await spender.spend(1_000)
        await until(booked(connections, 31))
    report = await operations.audit(settings)
    assert report.clean, report
    assert (report.charged, report.pending) == (31_000, 0)


async def test_a_worker_killed_in_mid_batch_loses_and_doubles_nothing(
    settings: Settings, connections: Connections, spender: Spender, workers: Process
) -> None:
    await workers.start()
    await workers.ready()
    for number in range(280):
        await spender.spend(1_000)
        if number in (90, 200):
            await workers.end(signal.SIGKILL)
            await workers.start()
    await workers.end(signal.SIGKILL)
    async with running(workers):
        await until(booked(connections, 280))
        report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 280_000


async def test_what_a_dead_worker_had_read_is_reclaimed(
    settings: Settings, connections: Connections, spender: Spender, workers: Process
) -> None:
    stream = outbox_key(shard_of(spender.account))
    await connections.redis.xgroup_create(stream, "ledger", id="0", mkstream=True)
    for _ in range(20):
        await spender.spend(1_000)
    read = await connections.redis.xreadgroup("ledger", "someone dead", {stream: ">"})
    assert len(read[0][1]) == 20
    async with running(workers):
        await until(booked(connections, 20))
    assert (await operations.audit(settings)).clean


async def test_a_grant_from_the_command_line_reaches_redis(
    settings: Settings, connections: Connections, user: User, workers: Process
) -> None:
    async with running(workers):
        await operations.grant_credits(settings, user.email, 5)

        async def arrived() -> bool:
            avail = await connections.redis.hget(account_key(user.id), "avail")
            return int(avail or 0) == 105 * MICRO

        await until(arrived)


async def test_redis_emptied_under_the_workers_is_rebuilt(
    settings: Settings, connections: Connections, spender: Spender, workers: Process
) -> None:
    """Directory, groups and shards come back; the account is loaded anew in a new epoch."""
    async with running(workers):
        await spender.spend(10_000)
        await until(booked(connections, 1))
        await connections.redis.flushdb()

        async def back() -> bool:
            epoch = await connections.redis.hget(
                keyspace.meta_key(shard_of(spender.account)), "epoch"
            )
            return epoch is not None

        await until(back)
        await loading.load(connections.pool, connections.ledger, spender.account)
        await spender.spend(20_000)
        await until(booked(connections, 2))
        await workers.ready()
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 30_000
    assert report.balance == 100 * MICRO - 30_000


async def test_sigterm_ends_the_workers_in_order(
    workers: Process, connections: Connections
) -> None:
    await workers.start()
    await workers.ready()
    assert await workers.end(signal.SIGTERM) == 0
    assert "workers.stopped" in workers.read_log()
