"""A running product, whose user has no limits."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.embedded.ports import free_port
from tests.acceptance.product import Product, wait_until
from tests.clients.records import FAMILIES
from tests.clients.running import Target

_SEEDS = Path(__file__).with_name("seeds.sql")
_USER = "clients@example.com"


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One product for the whole run; its user's token lasts an hour."""
    product = Product(tmp_path_factory.mktemp("product"), free_port())
    try:
        product.start()
        yield _prepared(product)
    finally:
        product.command("down")


def _prepared(product: Product) -> Target:
    instance = json.loads((product.folder / "state" / "instance.json").read_text())
    asyncio.run(_seed(instance["environment"]["DATABASE_URL"]))
    tier = ("--tier", "unlimited", "--credits", "100000000")
    created = product.command("user", "create", _USER, *tier)
    assert created.returncode == 0, created.stderr
    token = product.token(_USER)
    for model, _ in FAMILIES.values():
        wait_until(_served(product, token, model), 30, lambda: "the models are not published")
    provider = f"http://127.0.0.1:{instance['ports']['simulated']}"
    return Target(f"http://localhost:{product.port}", token, provider)


def _served(product: Product, token: str, model: str) -> Callable[[], bool]:
    return lambda: product.complete(token, model=model)[0] == 200


async def _seed(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_SEEDS.read_text())
    finally:
        await connection.close()
