"""Damaged requests through the edge to every route of the whole product; then the books."""

import asyncio
import json

import asyncpg

from tests.acceptance.product import Product, wait_until
from tests.support.fuzz import cases, mutations, run

REQUESTS = 2_000
SEED = 7
USER = "fuzz@example.com"
NO_LIMITS = "INSERT INTO tiers (id, rank) VALUES ('unlimited', 99)"
"""A tier of its own: the other tests want the limits of the tiers there are."""


def test_no_damaged_request_fails_or_moves_a_credit_unseen(product: Product) -> None:
    asyncio.run(_execute(product, NO_LIMITS))
    created = product.command("user", "create", USER, "--tier", "unlimited", "--credits", "1000000")
    assert created.returncode == 0, created.stderr
    token = product.token(USER)
    wait_until(lambda: product.complete(token)[0] == 200, 10, lambda: "the tier is not published")
    report = asyncio.run(_fuzz(product))
    assert report.findings == []
    assert report.requests == REQUESTS
    assert report.statuses[200] > REQUESTS / 20, report.statuses
    wait_until(lambda: product.command("audit").returncode == 0, 60, lambda: "the books disagree")


async def _execute(product: Product, statement: str) -> None:
    instance = json.loads((product.folder / "state" / "instance.json").read_text())
    connection = await asyncpg.connect(instance["environment"]["DATABASE_URL"])
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fuzz(product: Product) -> run.Report:
    damaged = mutations.damaged(cases.product(), SEED)[:REQUESTS]
    tokens = run.renewed(lambda: product.token(USER), every=500)
    return await run.run("127.0.0.1", product.port, damaged, tokens)
