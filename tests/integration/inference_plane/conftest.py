"""A running gate with 1,000 credits for account `A`."""

from collections.abc import AsyncIterator

import pytest

from tests.support.stand import Stand, stand


@pytest.fixture
async def gate(redis_url: str) -> AsyncIterator[Stand]:
    async with stand(redis_url) as standing:
        yield standing
