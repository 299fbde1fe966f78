"""One court for all judges of a worker: they share a gate, as the callers of a replica do."""

import os
from collections.abc import AsyncIterator

import pytest
from redis import Redis

from tests.support.judges.court import Court, sitting
from tests.support.servers import Servers

_FIRST = 8
"""The logical databases below are those of single tests, which empty theirs."""


@pytest.fixture(scope="package")
async def court(servers: Servers) -> AsyncIterator[Court]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or 0)
    url = servers.valkey.database_url(_FIRST + worker)
    with Redis.from_url(url) as redis:
        redis.flushdb()
    async with sitting(url) as sitting_court:
        yield sitting_court
