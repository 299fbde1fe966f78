"""Books what lies in an account's outbox, as the workers would, but when the test says so."""

from prometheus_client import CollectorRegistry

from control_plane.connections import Connections
from control_plane.workers.ingest import Batch, Ingest
from control_plane.workers.metrics import Metrics
from shared.keyspace import account_key, outbox_key, shard_of


def build_ingest(connections: Connections) -> Ingest:
    return Ingest(connections.pool, connections.redis, Metrics(CollectorRegistry()))


async def read_outbox(connections: Connections, account: str) -> Batch:
    """The whole outbox of this account's shard, as a batch."""
    stream = outbox_key(shard_of(account))
    return Batch(stream, await connections.redis.xrange(stream))


async def book_outbox(connections: Connections, account: str) -> Batch:
    """Book all of it; returns what was booked."""
    batch = await read_outbox(connections, account)
    await build_ingest(connections).take(batch)
    return batch


async def figure(connections: Connections, account: str, name: str) -> int:
    """One figure of the account as Redis has it."""
    return int(await connections.redis.hget(account_key(account), name) or 0)
