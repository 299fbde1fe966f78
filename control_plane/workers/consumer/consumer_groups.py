"""Creates the consumer group of each outbox stream, at the beginning of the stream.

A group that FastStream creates starts at the end of the stream and misses earlier entries.
"""

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.keyspace import SHARDS, outbox_key

GROUP = "ledger"


async def ensure(redis: Redis) -> list[int]:
    """Create missing groups and streams; returns the shards where they were missing."""
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
