"""Opens the shards of Redis, each at its epoch, and sees when Redis has lost one.

A shard says in Redis at which epoch it is. If that is missing although the shard was opened before,
Redis has lost what it held: the epoch is raised, here first, so that nothing said in the old one is
taken for something said in the new one, and accounts are then loaded anew from what is known here.
"""

from redis.asyncio import Redis

from control_plane.directory import store
from control_plane.directory.store import Shard
from control_plane.kit.database import Pool, locked
from shared.keyspace import SHARDS, meta_key
from shared.ledger import Ledger


def next_epoch(shard: Shard, in_redis: int | None) -> int:
    """The epoch a shard must have: equal to `shard.epoch` only while nothing was lost. Pure."""
    if in_redis is None:
        return shard.epoch + 1 if shard.opened else shard.epoch
    # Redis is at an epoch that this database never opened: its counts are not this database's.
    if in_redis > shard.epoch or not shard.opened:
        return max(in_redis, shard.epoch) + 1
    return shard.epoch


class Shards:
    """The sixteen shards, between PostgreSQL and one Redis."""

    def __init__(self, pool: Pool, redis: Redis, ledger: Ledger) -> None:
        self._pool, self._redis, self._ledger = pool, redis, ledger

    async def open(self) -> list[int]:
        """Open what is not open; returns the shards this call opened. Safe from any process."""
        if not self._stale(await store.list_shards(self._pool), await self._read()):
            return []
        async with locked(self._pool, "shards") as connection:
            epochs = await self._read()
            stale = self._stale(await store.list_shards(connection), epochs)
            for shard in stale:
                wanted = next_epoch(shard, epochs[shard.shard])
                epoch = await store.open_shard(connection, shard.shard, wanted)
                await self._ledger.fence(shard.shard, epoch)
        return [shard.shard for shard in stale]

    async def _read(self) -> list[int | None]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in range(SHARDS):
            pipeline.hget(meta_key(shard), "epoch")
        return [None if epoch is None else int(epoch) for epoch in await pipeline.execute()]

    @staticmethod
    def _stale(shards: list[Shard], epochs: list[int | None]) -> list[Shard]:
        return [shard for shard in shards if not shard.opened or epochs[shard.shard] != shard.epoch]
