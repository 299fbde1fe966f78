"""Fixtures every test may ask for: a fresh database, an empty Valkey, a free port.

Under `python -m tests` the servers run already; a bare `pytest` starts its own for the session.
"""

import itertools
import os
from collections.abc import Iterator

# Its pytest plugin loads this at the very end; Python before 3.11.8 may fail to compile a file
# while it collects what tests left behind, so it is loaded before there is anything.
import hypothesis.internal.observability  # noqa: F401
import pytest
from hypothesis import settings
from redis import Redis

from deploy.embedded.ports import free_port as find_free_port
from tests.support.databases import create_database
from tests.support.servers import Servers, running, started

# A slow machine is no failure: no test asserts a timing.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

_numbers = itertools.count(1)
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """One PostgreSQL and one Valkey for the whole run."""
    found = running()
    if found is not None:
        yield found
        return
    with started() as mine:
        yield mine


@pytest.fixture
def database_url(servers: Servers) -> Iterator[str]:
    """A migrated database of this test's own, without any row of ours but the migrations'."""
    name = f"test_{_WORKER or 'main'}_{next(_numbers)}"
    yield create_database(servers, name)
    servers.postgres.remove_database(name)


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """An empty logical database of Valkey, this worker's own."""
    url = servers.valkey.database_url(int(_WORKER.removeprefix("gw") or 0) + 1)
    with Redis.from_url(url) as redis:
        redis.flushdb()
    return url


@pytest.fixture
def free_port() -> int:
    """A TCP port of loopback that nothing listens on."""
    return find_free_port()
