"""Every test of the ledger runs twice: on one Valkey, and on a cluster of three."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from redis.asyncio.cluster import ClusterNode, RedisCluster

from shared.calls import connect
from tests.support.cluster import cluster
from tests.support.cluster_calls import ClusterCalls
from tests.support.ledger_table import LedgerTable

OpenTable = Callable[..., Awaitable[LedgerTable]]


@pytest.fixture(scope="session")
def nodes() -> Iterator[list[tuple[str, int]]]:
    with cluster() as addresses:
        yield addresses


@pytest.fixture(params=["single", "cluster"])
async def bare(request: pytest.FixtureRequest) -> AsyncIterator[LedgerTable]:
    """A ledger with nothing in it, not even opened shards."""
    if request.param == "single":
        redis = connect(request.getfixturevalue("redis_url"))
        yield LedgerTable(redis)
        await redis.aclose()
        return
    addresses = request.getfixturevalue("nodes")
    start = [ClusterNode(*address) for address in addresses]
    clustered = RedisCluster(startup_nodes=start, max_connections=1_000)
    await clustered.flushall(target_nodes=RedisCluster.PRIMARIES)
    yield LedgerTable(clustered, ClusterCalls(clustered))  # type: ignore[arg-type]
    await clustered.aclose()


@pytest.fixture
async def ledger(bare: LedgerTable) -> LedgerTable:
    """Without limits."""
    await bare.open()
    return bare


@pytest.fixture
def limited(bare: LedgerTable) -> OpenTable:
    """Opens the ledger with limits that the test names."""

    async def open_with(**limits: int) -> LedgerTable:
        await bare.open(**limits)
        return bare

    return open_with
