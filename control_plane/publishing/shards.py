"""Opens the shards in Redis, each at its epoch, and detects when Redis has lost data.

Each shard stores its epoch in Redis. If that is missing although the shard was opened before, Redis
has lost its data: the epoch is raised, in PostgreSQL first, so that nothing of the old epoch is
mistaken for something of the new one, and accounts are loaded again from PostgreSQL.

A server that has restarted since may have lost only its last second, or be a replica that lags
behind; its sequence numbers would then be issued twice. This cannot be detected, so a different run
id raises the epoch too. Entries of the old epoch are still posted, and corrected.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.kit.database import Pool, locked
from control_plane.publishing import store
from control_plane.publishing.store import Shard
from shared.keyspace import SHARDS, meta_key
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RedisShard:
    """A shard in Redis: the server's run id, and the epoch, or None if absent."""

    server: str
    epoch: int | None


def next_epoch(shard: Shard, redis_shard: RedisShard) -> int:
    """The epoch a shard must have; equal to `shard.epoch` only while nothing was lost. Pure."""
    if shard.server is None:
        # Redis may be at an epoch that this database never opened, with counts of another database.
        return shard.epoch if redis_shard.epoch is None else max(redis_shard.epoch, shard.epoch) + 1
    same_server = redis_shard.server == shard.server
    if same_server and redis_shard.epoch is not None and redis_shard.epoch <= shard.epoch:
        return shard.epoch
    return max(redis_shard.epoch or 0, shard.epoch) + 1


class Shards:
    """The shards of one Redis."""

    def __init__(self, pool: Pool, redis: Redis, ledger: Ledger) -> None:
        self._pool, self._redis, self._ledger = pool, redis, ledger

    async def open(self) -> list[int]:
        """Open shards that are not open and return them. Safe to call from any process."""
        if not self._stale(await store.list_shards(self._pool), await self._read()):
            return []
        async with locked(self._pool, "shards") as connection:
            redis_shards = await self._read()
            stale = self._stale(await store.list_shards(connection), redis_shards)
            for shard in stale:
                now = redis_shards[shard.shard]
                epoch = next_epoch(shard, now)
                epoch = await store.open_shard(connection, shard.shard, epoch, now.server)
                await self._ledger.fence(shard.shard, epoch)
        return [shard.shard for shard in stale]

    async def _read(self) -> list[RedisShard]:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.info("server")
        for shard in range(SHARDS):
            pipeline.hget(meta_key(shard), "epoch")
        server, *epochs = await pipeline.execute()
        run_id = server["run_id"]
        return [RedisShard(run_id, None if epoch is None else int(epoch)) for epoch in epochs]

    @staticmethod
    def _stale(shards: list[Shard], redis_shards: list[RedisShard]) -> list[Shard]:
        return [s for s in shards if redis_shards[s.shard] != RedisShard(s.server or "", s.epoch)]
