"""A running testbed with 1,000 credits for account `A`."""

from collections.abc import AsyncIterator

import pytest

from tests.support.testbed import Testbed, running_testbed


@pytest.fixture
async def testbed(redis_url: str) -> AsyncIterator[Testbed]:
    async with running_testbed(redis_url) as testbed:
        yield testbed
