"""SIGKILL at a chosen line of code: what the failure matrix says of workers that die."""

from pathlib import Path

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.keyspace import account_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.processes import Process, running
from tests.integration.control_plane.test_workers import posted, until
from tests.support import operations

SIGKILLED = -9
SPENT = 20


def worker(settings: Settings, folder: Path, failpoint: str) -> Process:
    more = {"HEADRACE_RECLAIM_IDLE_MS": "300", "HEADRACE_FAILPOINT": failpoint}
    return Process("workers", settings, folder / "workers.log", **more)


@pytest.mark.parametrize(
    ("failpoint", "done"),
    [("worker before commit", 0), ("worker after commit, before ack", SPENT)],
)
async def test_entries_of_a_dead_worker_are_posted_once_by_the_next(
    *,
    settings: Settings,
    container: Container,
    user: User,
    tmp_path: Path,
    failpoint: str,
    done: int,
) -> None:
    """Matrix, rows 12 and 13; known failure 16: acknowledged after the commit."""
    spender = Spender(container.ledger, user.id)
    for _ in range(SPENT):
        await spender.spend(1_000)
    dying = worker(settings, tmp_path, failpoint)
    await dying.start()
    assert await dying.died() == SIGKILLED
    stream = outbox_key(shard_of(user.id))
    assert await posted(container, done)()
    assert (await container.redis.xpending(stream, "ledger"))["pending"] == SPENT
    async with running(worker(settings, tmp_path, "")):
        await until(posted(container, SPENT))

        async def acknowledged() -> bool:
            return bool((await container.redis.xpending(stream, "ledger"))["pending"] == 0)

        await until(acknowledged)
    report = await operations.audit(settings)
    assert report.clean, report
    assert (report.charged, report.pending) == (SPENT * 1_000, 0)
    summed = "SELECT sum(requests), sum(credits_micro) FROM usage_daily"
    row = await container.pool.fetchrow(summed)
    assert row is not None
    assert tuple(row) == (SPENT, SPENT * 1_000)


@pytest.mark.parametrize(
    ("failpoint", "arrived"),
    [("relay before grant", 100), ("relay after grant, before commit", 105)],
)
async def test_a_grant_whose_relay_dies_arrives_once(
    *,
    settings: Settings,
    container: Container,
    user: User,
    tmp_path: Path,
    failpoint: str,
    arrived: int,
) -> None:
    """Matrix, row 17: the grant waits in PostgreSQL, and its number makes it one."""

    async def avail() -> int:
        return int(await container.redis.hget(account_key(user.id), "avail") or 0) // MICRO

    dying = worker(settings, tmp_path, failpoint)
    await dying.start()
    await dying.ready()
    await operations.grant_credits(settings, user.email, 5)
    assert await dying.died() == SIGKILLED
    assert await avail() == arrived
    async with running(worker(settings, tmp_path, "")):

        async def delivered() -> bool:
            waiting = "SELECT count(*) FROM account_changes WHERE delivered_at IS NULL"
            return bool(await container.pool.fetchval(waiting) == 0)

        await until(delivered)
    assert await avail() == 105
    report = await operations.audit(settings)
    assert report.clean, report
