"""One running product for all tests that do not stop it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.ports import free_port
from tests.acceptance.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product that runs; a test that stops it starts it again."""
    mine = Product(tmp_path_factory.mktemp("product"), free_port())
    try:
        mine.start()
        yield mine
    finally:
        mine.command("down")


@pytest.fixture
def stopped(tmp_path: Path) -> Product:
    """A product that was never started."""
    return Product(tmp_path, free_port())
