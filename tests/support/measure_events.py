"""`python -m tests.support.measure_events [SECONDS]`: what the workers book, and after an outage.

Real servers with their data safe on disk, one workers process, 500 events a second made by the
real scripts. First a backlog is booked as fast as it goes; then PostgreSQL is stopped for that many
seconds (60) under load, and started again. Ends with the audit: figures, and nothing asserted.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from control_plane.container import Container, open_container
from control_plane.kit.database import connect
from control_plane.ledger import loading
from control_plane.settings import Settings
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from shared.keyspace import SHARDS, outbox_key
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.processes import Process
from tests.support import operations
from tests.support.databases import settings_for
from tests.support.servers import _spawn as spawn

ACCOUNTS, AT_ONCE, RATE, BACKLOG = 64, 50, 500, 30_000
_turns = itertools.count()


async def until(true: Callable[[], Awaitable[bool]], pause_s: float = 0.1) -> None:
    while not await true():
        await asyncio.sleep(pause_s)


async def waiting(container: Container) -> int:
    """Entries not yet booked and acknowledged."""
    total = 0
    for shard in range(SHARDS):
        for group in await container.redis.xinfo_groups(outbox_key(shard)):
            total += (group["lag"] or 0) + group["pending"]
    return total


async def spend(spenders: list[Spender], count: int) -> None:
    picked = [spenders[next(_turns) % len(spenders)] for _ in range(count)]
    await asyncio.gather(*(each.spend(1_000) for each in picked))


async def load(spenders: list[Spender], stop: asyncio.Event) -> int:
    """So many events a second until it is stopped; returns how many."""
    began, made = time.monotonic(), 0
    while not stop.is_set():
        await spend(spenders, AT_ONCE)
        made += AT_ONCE
        await asyncio.sleep(max(0.0, began + made / RATE - time.monotonic()))
    return made


async def measure(folder: Path, outage_s: int) -> None:
    postgres = Postgres(folder / "postgres")
    valkey = Valkey(folder / "valkey", free_port(), "measured")
    postgres.prepare()
    valkey.prepare()
    programs = (postgres.program(), valkey.program())
    children = [spawn(program, folder / "servers.log") for program in programs]
    try:
        await until(lambda: asyncio.to_thread(postgres.is_ready, children[0].pid))
        await until(lambda: asyncio.to_thread(valkey.is_ready))
        postgres.create_database()
        settings = settings_for(postgres.url(), valkey.database_url(0))
        await operations.migrate(settings)
        await operations.seed(settings)

        def stop_postgres() -> None:
            children[0].send_signal(programs[0].stop_signal)
            children[0].wait()

        async def start_postgres() -> None:
            children[0] = spawn(programs[0], folder / "servers.log")
            await until(lambda: asyncio.to_thread(postgres.is_ready, children[0].pid))

        async with open_container(settings) as container:
            spenders = await prepare(settings, container)
            workers = Process("workers", settings, folder / "workers.log")
            await book_backlog(container, spenders, workers)
            stop = asyncio.Event()
            making = asyncio.create_task(load(spenders, stop))
            await asyncio.sleep(5)
            print(f"lag before the outage, at {RATE}/s: {await waiting(container)}")
            await asyncio.to_thread(stop_postgres)
            await asyncio.sleep(outage_s)
            print(f"lag after {outage_s} s without PostgreSQL: {await waiting(container)}")
            await start_postgres()
            began = time.monotonic()
            await until(lambda: is_level(container))
            print(f"lag level again after {time.monotonic() - began:.1f} s, load going on")
            stop.set()
            made = await making
            await until(lambda: is_drained(container))
            await workers.end()
        pool = await connect(settings.database_url.get_secret_value())
        posted = await pool.fetchval("SELECT count(*) FROM usage_history")
        await pool.close()
        report = await operations.audit(settings)
        print(f"made {made + BACKLOG}, booked {posted}; the audit is clean: {report.clean}")
    finally:
        for child, program in zip(children, programs, strict=True):
            child.send_signal(program.stop_signal)
            child.wait()


async def prepare(settings: Settings, container: Container) -> list[Spender]:
    await container.pool.execute(
        "UPDATE tiers SET requests_per_minute = NULL, tokens_per_minute = NULL, "
        "credits_per_day_micro = NULL"
    )
    await container.publisher.publish()
    spenders = []
    for number in range(ACCOUNTS):
        user = await operations.create_user(settings, f"u{number}@example.com", "enterprise")
        await loading.load(container.pool, container.ledger, user.id)
        spenders.append(Spender(container.ledger, user.id))
    return spenders


async def book_backlog(container: Container, spenders: list[Spender], workers: Process) -> None:
    for _ in range(BACKLOG // AT_ONCE):
        await spend(spenders, AT_ONCE)
    await workers.start()
    await workers.ready("/health")
    began = time.monotonic()
    await until(lambda: is_drained(container))
    seconds = time.monotonic() - began
    print(f"booked {BACKLOG} events in {seconds:.1f} s: {BACKLOG / seconds:.0f} events/s")


async def is_drained(container: Container) -> bool:
    return await waiting(container) == 0


async def is_level(container: Container) -> bool:
    """No more waits than one second brings."""
    return await waiting(container) <= RATE


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="headrace-measure-") as name:
        asyncio.run(measure(Path(name), int((sys.argv[1:] or ["60"])[0])))
