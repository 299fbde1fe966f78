"""Books what lies in an account's outbox, as the workers would, but when the test says so."""

from prometheus_client import CollectorRegistry

from control_plane.container import Container
from control_plane.metrics import WorkerMetrics
from control_plane.workers.consumer.ingestion import Batch, Ingestion
from shared.keyspace import account_key, outbox_key, shard_of
from tests.support.redis_reads import read_stream


def build_ingest(container: Container) -> Ingestion:
    return Ingestion(container.pool, container.redis, WorkerMetrics(CollectorRegistry()))


async def read_outbox(container: Container, account: str) -> Batch:
    """The whole outbox of this account's shard, as a batch."""
    stream = outbox_key(shard_of(account))
    return Batch(stream, await read_stream(container.redis, stream))


async def book_outbox(container: Container, account: str) -> Batch:
    """Book all of it; returns what was booked."""
    batch = await read_outbox(container, account)
    await build_ingest(container).take(batch)
    return batch


async def figure(container: Container, account: str, name: str) -> int:
    """One figure of the account as Redis has it."""
    return int(await container.redis.hget(account_key(account), name) or 0)
