"""The schema keeps the books itself: they balance, and nobody rewrites them."""

import asyncpg
import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User

BAD_ENTRIES = [
    "VALUES ($1, 'earned', NULL::uuid, 5)",
    "VALUES ($1, 'earned', NULL::uuid, 5), ($1, 'promo', NULL, -4)",
]


@pytest.mark.parametrize("rows", BAD_ENTRIES)
async def test_entries_that_do_not_sum_to_zero_are_refused(
    container: Container, user: User, rows: str
) -> None:
    tx = await container.pool.fetchval("SELECT id FROM ledger_tx")
    with pytest.raises(asyncpg.CheckViolationError, match="sum to zero"):
        await container.pool.execute(
            f"INSERT INTO ledger_entries (tx, ledger_account, lot, amount) {rows}", tx
        )
    assert await container.pool.fetchval("SELECT sum(amount) FROM ledger_entries") == 0


@pytest.mark.parametrize("table", ["ledger_tx", "ledger_entries"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_nobody_rewrites_the_books(
    container: Container, user: User, table: str, change: str
) -> None:
    column = {"ledger_tx": "reason = ''", "ledger_entries": "amount = 1"}[table]
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await container.pool.execute(change.format(table, column))


async def test_a_grant_stands_in_the_books_on_both_sides(container: Container, user: User) -> None:
    rows = await container.pool.fetch(
        "SELECT ledger_account, amount FROM ledger_entries ORDER BY amount"
    )
    assert [tuple(row) for row in rows] == [
        ("stripe_clearing", -100_000_000),
        ("customer_credits", 100_000_000),
    ]


async def test_a_month_gets_its_partition_once(container: Container) -> None:
    for day in ("2031-02-10", "2031-02-28", "2031-03-01"):
        await container.pool.execute("SELECT create_usage_partition($1::text::date)", day)
    found = await container.pool.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits "
        "WHERE inhparent = 'usage_history'::regclass ORDER BY 1"
    )
    assert [row["name"] for row in found] == ["usage_history_2031_02", "usage_history_2031_03"]
