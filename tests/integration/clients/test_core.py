"""The libraries that install in seconds do every task; `make clients` does the same for all others.

Without node the JavaScript ones are skipped, and the run says so; under CI that is a failure.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis import Redis

from shared.catalogue import Route
from tests.clients.records import FAMILIES, Cell, Program
from tests.clients.running import Target, outcomes
from tests.clients.table import CLIENTS, CORE, cells
from tests.clients.tasks import Entries, Outcome, check
from tests.support.judges import installed
from tests.support.servers import Servers
from tests.support.testbed import Testbed, model, publish, running_testbed, token

_DATABASE = 10
"""The logical databases below are those of other tests."""
_CELLS = cells(*(each for each in CLIENTS if each.program.environment in CORE))
Done = dict[str, tuple[Outcome, Entries]]


@pytest.fixture(scope="module")
async def testbed(servers: Servers) -> AsyncIterator[Testbed]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or 0)
    url = servers.valkey.database_url(_DATABASE + worker)
    with Redis.from_url(url) as redis:
        redis.flushdb()
    models = [
        model(name, routes=(Route(provider, name),), max_output_tokens=64_000)
        for name, provider in FAMILIES.values()
    ]
    async with running_testbed(url, credits=1_000_000_000) as testbed:
        await publish(testbed.redis, *models)
        await testbed.runtime.directory.refresh()
        yield testbed


@pytest.fixture(scope="module")
def done(testbed: Testbed) -> Callable[[Program], Awaitable[Done]]:
    """Runs a program with all its cells at its first call: outcome and requests by cell."""
    target = Target(testbed.url, token("A"), testbed.provider)
    found: dict[Program, Done] = {}

    async def run(program: Program) -> Done:
        if program not in found:
            own = [each for each in _CELLS if each.client.program == program]
            outcome = await asyncio.to_thread(outcomes, program, own, target)
            entries = await asyncio.to_thread(target.entries, own)
            found[program] = {each.id: (outcome[each.id], entries[each.id]) for each in own}
        return found[program]

    return run


@pytest.mark.parametrize("cell", _CELLS, ids=lambda cell: cell.id)
async def test_a_library_does_the_task(
    done: Callable[[Program], Awaitable[Done]], cell: Cell
) -> None:
    if not cell.client.program.module and installed.javascript() is None:
        assert not os.environ.get("CI"), installed.NO_NODE
        pytest.skip(installed.NO_NODE)
    check(cell, *(await done(cell.client.program))[cell.id])
