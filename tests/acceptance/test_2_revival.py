"""A part that is killed comes back by itself, and the books stay exact."""

import pytest

from tests.acceptance.product import Product


@pytest.mark.parametrize(
    "part", ["web", "workers", "valkey", "postgres", "simulated", "edge", "ray"]
)
def test_a_killed_service_restarts(product: Product, part: str) -> None:
    product.kill(part)
    product.until_well()
    status, text = product.complete(product.token())
    assert (status, text.rstrip()[-12:]) == (200, "data: [DONE]")


def test_the_books_are_exact_after_all_crashes(product: Product) -> None:
    audit = product.command("audit")
    assert audit.returncode == 0, audit.stdout
