"""A ledger on a real Valkey, without limits unless a test sets some."""

from collections.abc import AsyncIterator

import pytest

from tests.support.ledger_table import LedgerTable, ledger_table


@pytest.fixture
async def ledger(redis_url: str) -> AsyncIterator[LedgerTable]:
    async with ledger_table(redis_url) as table:
        yield table
