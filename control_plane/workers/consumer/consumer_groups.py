"""The consumer group on each outbox stream: made at the stream's beginning, before anyone reads.

A group that FastStream makes itself begins at the stream's end and never sees what came before it.
"""

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.keyspace import SHARDS, outbox_key

GROUP = "ledger"


async def ensure(redis: Redis) -> list[int]:
    """Make the groups that are missing, streams too; returns the shards they were missing from."""
    pipeline = redis.pipeline(transaction=False)
    for shard in range(SHARDS):
        pipeline.xgroup_create(outbox_key(shard), GROUP, id="0", mkstream=True)
    answers = await pipeline.execute(raise_on_error=False)
    for answer in answers:
        if isinstance(answer, Exception) and not _exists(answer):
            raise answer
    return [shard for shard, answer in enumerate(answers) if not isinstance(answer, Exception)]


def _exists(error: Exception) -> bool:
    return isinstance(error, ResponseError) and "BUSYGROUP" in str(error)
