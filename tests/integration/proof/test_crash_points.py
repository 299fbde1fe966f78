"""SIGKILL at a chosen line of code: what the failure matrix says of a replica that dies."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from shared import keyspace
from shared.credits import MICRO
from tests.support.asgi_process import AsgiProcess, running_asgi_process
from tests.support.ledger_table import LedgerTable, ledger_table
from tests.support.redis_reads import decoded, read_hash
from tests.support.testbed import model, provider, publish

WHOLE = 1_000 * MICRO
SIGKILLED = -9


@asynccontextmanager
async def replica(redis_url: str, failpoint: str) -> AsyncIterator[tuple[LedgerTable, AsgiProcess]]:
    async with ledger_table(redis_url) as table, provider() as upstream:
        await table.play("grant A 1000 -> applied avail 1000 held 0")
        await publish(table.redis, model())
        async with running_asgi_process(redis_url, upstream, failpoint) as replica_process:
            yield table, replica_process


def text_of(came: bytes) -> bytes:
    """What was said in that stream."""
    return b"".join(re.findall(rb'"content":"([^"]*)"', came))


async def the_hold(table: LedgerTable) -> tuple[str, dict[str, Any]]:
    """The one live hold: its request and its fields."""
    due: Any = await table.redis.zrange(keyspace.deadlines_key(keyspace.shard_of("A")), 0, -1)
    [request] = [member.decode().partition("|")[0] for member in due]
    fields = await read_hash(table.redis, keyspace.hold_key("A", request))
    return request, decoded(fields)


async def swept(table: LedgerTable, request: str) -> str:
    """As the janitor finds it once its deadline has passed."""
    await table.redis.hset(keyspace.hold_key("A", request), "deadline", "1")
    return (await table.ledger.sweep("A", request)).outcome


async def avail(table: LedgerTable) -> int:
    return int((await table.account("A"))["avail"])


async def test_before_the_reservation_nothing_has_happened(redis_url: str) -> None:
    """Matrix, row 1."""
    async with replica(redis_url, "replica before reserve") as (table, replica_process):
        await replica_process.stream("{}")
        assert await replica_process.died() == SIGKILLED
        assert await avail(table) == WHOLE
        assert await table.entries("A") == []
        assert await table.redis.keys("*:h:*") == []


async def test_between_reservation_and_provider_everything_returns(redis_url: str) -> None:
    """Matrix, row 2."""
    async with replica(redis_url, "replica after reserve, before upstream") as (
        table,
        replica_process,
    ):
        await replica_process.stream("{}")
        assert await replica_process.died() == SIGKILLED
        request, hold = await the_hold(table)
        assert hold["state"] == "reserved"
        assert await avail(table) == WHOLE - int(hold["amount"])
        assert await swept(table, request) == "released"
        assert await avail(table) == WHOLE


async def test_mid_stream_the_last_heartbeat_is_charged(redis_url: str) -> None:
    """Matrix, row 3. The stream lasts longer than a heartbeat, which is every five seconds."""
    directive = '{"frames": 1000, "frame_delay_ms": 60}'
    async with replica(redis_url, "replica mid-stream:120") as (table, replica_process):
        came = await replica_process.stream(directive)
        assert await replica_process.died() == SIGKILLED
        request, hold = await the_hold(table)
        reported, price = int(hold["progress"]), 2 * MICRO // 1_000
        assert hold["state"] == "inflight"
        # Four bytes are a token by our own count; a few more are what the prompt was.
        assert 0 < reported <= (len(text_of(came)) // 4 + 40) * price
        assert await swept(table, request) == "expired"
        assert await avail(table) == WHOLE - reported
        [entry] = await table.entries("A")
        assert (entry["kind"], int(entry["amount"])) == ("expired", reported)


async def test_mid_stream_before_the_first_heartbeat_nothing_is_charged(redis_url: str) -> None:
    """Matrix, row 3: one heartbeat is what a crash may cost the deployment."""
    directive = '{"frames": 2000, "frame_delay_ms": 5}'
    async with replica(redis_url, "replica mid-stream:3") as (table, replica_process):
        await replica_process.stream(directive)
        assert await replica_process.died() == SIGKILLED
        request, hold = await the_hold(table)
        assert (hold["state"], hold["progress"]) == ("reserved", "0")
        assert await swept(table, request) == "released"
        assert await avail(table) == WHOLE


async def test_after_the_charge_it_stands_and_is_there_once(redis_url: str) -> None:
    """Matrix, row 4: the ledger has it, whoever did not hear of it."""
    async with replica(redis_url, "replica after settle") as (table, replica_process):
        came = await replica_process.stream("{}")
        assert await replica_process.died() == SIGKILLED
        assert b"[DONE]" not in came
        [entry] = await table.entries("A")
        assert entry["kind"] == "settled"
        assert await avail(table) == WHOLE - int(entry["amount"]) < WHOLE
        assert (await table.ledger.sweep("A", entry["request"])).outcome == "gone"
        again = await table.ledger.settle("A", entry["request"], 9 * MICRO, 1, b"{}")
        assert (again.outcome, again.charged) == ("repeated", int(entry["amount"]))
