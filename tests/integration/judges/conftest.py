"""One harness for all tests of a worker: they share an application, as callers of a replica do."""

import os
from collections.abc import AsyncIterator

import pytest
from redis import Redis

from tests.support.judges.harness import Harness, running_harness
from tests.support.servers import Servers

_FIRST = 8
"""The logical databases below are those of single tests, which empty theirs."""


@pytest.fixture(scope="package")
async def harness(servers: Servers) -> AsyncIterator[Harness]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or 0)
    url = servers.valkey.database_url(_FIRST + worker)
    with Redis.from_url(url) as redis:
        redis.flushdb()
    async with running_harness(url) as harness:
        yield harness
