"""The workers as the process they are: started, killed, emptied of Redis, ended."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.ledger import loading
from control_plane.settings import Settings
from shared import keyspace
from shared.credits import MICRO
from shared.keyspace import account_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.processes import Process, running
from tests.support import operations
from tests.support.database_proxy import database_proxy
from tests.support.redis_reads import read_group


@pytest.fixture
def workers(settings: Settings, tmp_path: Path) -> Process:
    log = tmp_path / "workers.log"
    return Process("workers", settings, log, HEADRACE_RECLAIM_IDLE_MS="300")


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Waits for something the workers do."""
    async with asyncio.timeout(40):
        while not await true():
            await asyncio.sleep(0.05)


def posted(container: Container, count: int) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        found = await container.pool.fetchval("SELECT count(*) FROM ledger_tx WHERE seq > 0")
        return bool(found == count)

    return check


async def test_entries_written_before_the_first_start_are_posted_and_trimmed(
    settings: Settings, container: Container, spender: Spender, workers: Process
) -> None:
    for _ in range(30):
        await spender.spend(1_000)
    async with running(workers):
        await until(posted(container, 30))
        stream = outbox_key(shard_of(spender.account))

        async def trimmed() -> bool:
            return bool(await container.redis.xlen(stream) == 0)

        await until(trimmed)
        await spender.spend(1_000)
        await until(posted(container, 31))
    report = await operations.audit(settings)
    assert report.clean, report
    assert (report.charged, report.pending) == (31_000, 0)


async def test_a_worker_killed_in_mid_batch_loses_and_doubles_nothing(
    settings: Settings, container: Container, spender: Spender, workers: Process
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
        await until(posted(container, 280))
        report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 280_000


async def test_what_a_dead_worker_had_read_is_reclaimed(
    settings: Settings, container: Container, spender: Spender, workers: Process
) -> None:
    stream = outbox_key(shard_of(spender.account))
    await container.redis.xgroup_create(stream, "ledger", id="0", mkstream=True)
    for _ in range(20):
        await spender.spend(1_000)
    assert len(await read_group(container.redis, "ledger", "someone dead", stream)) == 20
    async with running(workers):
        await until(posted(container, 20))
    assert (await operations.audit(settings)).clean


async def test_a_grant_from_the_command_line_reaches_redis(
    settings: Settings, container: Container, user: User, workers: Process
) -> None:
    async with running(workers):
        await operations.grant_credits(settings, user.email, 5)

        async def arrived() -> bool:
            avail = await container.redis.hget(account_key(user.id), "avail")
            return int(avail or 0) == 105 * MICRO

        await until(arrived)


async def test_redis_emptied_under_the_workers_is_rebuilt(
    settings: Settings, container: Container, spender: Spender, workers: Process
) -> None:
    """Directory, groups and shards come back; the account is loaded anew in a new epoch."""
    async with running(workers):
        await spender.spend(10_000)
        await until(posted(container, 1))
        await container.redis.flushdb()

        async def back() -> bool:
            epoch = await container.redis.hget(
                keyspace.meta_key(shard_of(spender.account)), "epoch"
            )
            return epoch is not None

        await until(back)
        await loading.load(container.pool, container.ledger, spender.account)
        await spender.spend(20_000)
        await until(posted(container, 2))
        await workers.ready()
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 30_000
    assert report.balance == 100 * MICRO - 30_000


async def test_sigterm_ends_the_workers_in_order(workers: Process, container: Container) -> None:
    await workers.start()
    await workers.ready()
    assert await workers.end(signal.SIGTERM) == 0
    assert "workers.stopped" in workers.read_log()


async def test_sigterm_ends_the_workers_while_the_database_is_away(
    container: Container, spender: Spender, settings: Settings, tmp_path: Path
) -> None:
    """Whether it went away or just fell silent; a batch that was waiting for it is booked later."""
    for away, codes in (("cut", {0}), ("freeze", {0, 1})):
        async with database_proxy(settings.database_url.get_secret_value()) as proxy:
            behind = settings.model_copy(update={"database_url": SecretStr(proxy.url)})
            process = Process(
                "workers", behind, tmp_path / f"{away}.log", HEADRACE_SHUTDOWN_GRACE_S="3"
            )
            await process.start()
            await process.ready()
            await spender.spend(1_000)
            if away == "cut":
                await proxy.cut()
            else:
                proxy.freeze()
            await spender.spend(1_000)
            assert await process.end(signal.SIGTERM) in codes
    async with running(
        Process("workers", settings, tmp_path / "after.log", HEADRACE_RECLAIM_IDLE_MS="300")
    ):
        await until(posted(container, 4))
    assert (await operations.audit(settings)).clean


async def test_the_database_comes_back_and_nothing_is_missing(
    container: Container, spender: Spender, settings: Settings, tmp_path: Path
) -> None:
    async with database_proxy(settings.database_url.get_secret_value()) as proxy:
        behind = settings.model_copy(update={"database_url": SecretStr(proxy.url)})
        async with running(Process("workers", behind, tmp_path / "workers.log")):
            await spender.spend(1_000)
            await until(posted(container, 1))
            await proxy.cut()
            for _ in range(50):
                await spender.spend(1_000)
            await proxy.start()
            await until(posted(container, 51))
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 51_000


async def test_two_workers_at_once_book_everything_once(
    settings: Settings, container: Container, spender: Spender, tmp_path: Path
) -> None:
    """With the schedules running as fast as they go, and accounts in several shards."""
    fast = {f"HEADRACE_{name}_EVERY_S": "1" for name in ("LOT_EXPIRY", "RENEW", "RECONCILE")}
    fast["HEADRACE_RECLAIM_IDLE_MS"] = "300"
    people = [
        await operations.create_user(settings, f"user{number}@example.com", "enterprise", 100)
        for number in range(8)
    ]
    pair = [Process("workers", settings, tmp_path / f"{n}.log", **fast) for n in "ab"]
    async with running(pair[0]), running(pair[1]):
        for person in people:
            await loading.load(container.pool, container.ledger, person.id)
        spenders = [spender, *(Spender(container.ledger, person.id) for person in people)]
        for _ in range(30):
            await asyncio.gather(*(each.spend(1_000) for each in spenders))
        await until(posted(container, 30 * len(spenders)))
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 30 * len(spenders) * 1_000
    runs = await container.pool.fetch("SELECT clean FROM reconciliation_runs")
    assert len(runs) > 1
    assert all(run["clean"] for run in runs)
    posted_by = [process.read_log().count("workers.stopped") for process in pair]
    assert posted_by == [1, 1]
