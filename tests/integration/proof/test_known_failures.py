"""Failures of other ledgers that nothing else here proves absent. The numbers are those of
docs/ledger.md, whose table names the test of each.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from aiohttp import web

from shared import catalogue, keyspace
from shared.credits import MICRO
from shared.ledger_records import Lot, ReserveRequest, burn_score
from tests.support import web_server
from tests.support.asgi_process import running_asgi_process
from tests.support.ledger_table import LedgerTable, ledger_table
from tests.support.testbed import model, publish

FRAME = b'data: {"id":"x","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'


@asynccontextmanager
async def upstream(*frames: bytes) -> AsyncIterator[str]:
    """A provider that streams just these bytes."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for frame in frames:
            await response.write(frame)
            await asyncio.sleep(0.05)
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    async with web_server.serving(app) as url:
        yield url


async def until_nothing_is_held(table: LedgerTable) -> None:
    for _ in range(400):
        if not await table.redis.zcard(keyspace.deadlines_key(keyspace.shard_of("A"))):
            return
        await asyncio.sleep(0.025)
    raise AssertionError("a hold was left")


def test_a_model_without_a_price_is_not_read_at_all() -> None:
    """Known failure 6: what has no price cannot be sold, so nothing unpriced is ever streamed."""
    whole = catalogue.Catalogue(catalogue.FORMAT, 1, {"gpt-5": model()})
    reported = msgspec.json.decode(catalogue.encode(whole))
    prices = [name for name in reported["models"]["gpt-5"] if name.endswith("_price")]
    assert prices
    for name in prices:
        unpriced = {k: v for k, v in reported["models"]["gpt-5"].items() if k != name}
        with pytest.raises(msgspec.ValidationError, match=name):
            catalogue.decode(msgspec.json.encode(reported | {"models": {"gpt-5": unpriced}}))


async def test_a_grant_among_charges_adds_and_never_sets(redis_url: str) -> None:
    """Known failure 7: a new period overwrites nothing that was spent meanwhile."""
    async with ledger_table(redis_url) as table:
        await table.play("grant A 100 -> applied avail 100 held 0")
        charges = (table.ledger.settle("A", f"R{i}", MICRO, 1, b"{}") for i in range(60))
        lot = Lot("next period", 100 * MICRO, burn_score(2, None))
        await asyncio.gather(*charges, table.ledger.grant("A", 2, lot))
        assert (await table.account("A"))["avail"] == str(140 * MICRO)
        charged = [int(e["amount"]) for e in await table.entries("A")]
        assert sum(charged) == 60 * MICRO


@pytest.mark.parametrize(("before", "kind"), [(0, "released"), (3, "settled")])
async def test_a_replica_that_stumbles_ends_its_hold(
    redis_url: str, before: int, kind: str
) -> None:
    """Known failure 8: an error nobody foresaw returns or charges what was held."""
    async with ledger_table(redis_url) as table, upstream(*[FRAME] * before, b"data: {\n\n") as url:
        await table.play("grant A 100 -> applied avail 100 held 0")
        await publish(table.redis, model())
        async with running_asgi_process(redis_url, url) as replica_process:
            came = await replica_process.stream("{}")
            await until_nothing_is_held(table)
        assert came.count(b"word") == before
        [entry] = [e for e in await table.entries("A") if e["kind"] != "alert"]
        account = await table.account("A")
        assert entry["kind"] == kind
        assert (int(entry["amount"]) > 0) == (before > 0)
        assert int(account["avail"]) == 100 * MICRO - int(entry["amount"])
        assert (account["held"], account["open"]) == ("0", "0")


async def test_nobody_is_too_rich_for_a_hold(redis_url: str) -> None:
    """Known failure 10: no balance is trusted, and none is taken below zero by a reservation."""
    async with ledger_table(redis_url) as table:
        await table.play("grant A 1000000000 -> applied avail 1000000000 held 0")
        ask = ReserveRequest("A", "R1", "f", MICRO, MICRO, 10, 0, 60_000, b"{}")
        assert (await table.ledger.reserve(ask)).outcome == "held"
        assert (await table.account("A"))["held"] == str(MICRO)
        await table.ledger.settle("A", "R2", 1_000_000_000 * MICRO, 1, b"{}")
        again = ReserveRequest("A", "R3", "f", MICRO, 1, 10, 0, 60_000, b"{}")
        assert (await table.ledger.reserve(again)).outcome == "insufficient_credits"
