"""Opens the shards of Redis, each at its epoch, and sees when Redis has lost one.

A shard says in Redis at which epoch it is. If that is missing although the shard was opened before,
Redis has lost what it held: the epoch is raised, here first, so that nothing said in the old one is
taken for something said in the new one, and accounts are then loaded anew from what is known here.

A server that was started since may have lost only its last second, or be a replica that is behind:
then its numbers would be given out twice. Nobody can tell by looking, so another run id raises the
epoch too; what a replica or the outbox still says of the old one is booked and put right.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.kit.database import Pool, locked
from control_plane.publishing import store
from control_plane.publishing.store import Shard
from shared.keyspace import SHARDS, meta_key
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Seen:
    """What Redis says: which server it is, and at which epoch a shard is there, if at any."""

    server: str
    epoch: int | None


def next_epoch(shard: Shard, seen: Seen) -> int:
    """The epoch a shard must have: equal to `shard.epoch` only while nothing was lost. Pure."""
    if shard.server is None:
        # Redis may be at an epoch that this database never opened: those counts are not its own.
        return shard.epoch if seen.epoch is None else max(seen.epoch, shard.epoch) + 1
    same_server = seen.server == shard.server
    if same_server and seen.epoch is not None and seen.epoch <= shard.epoch:
        return shard.epoch
    return max(seen.epoch or 0, shard.epoch) + 1


class Shards:
    """The sixteen shards, between PostgreSQL and one Redis."""

    def __init__(self, pool: Pool, redis: Redis, ledger: Ledger) -> None:
        self._pool, self._redis, self._ledger = pool, redis, ledger

    async def open(self) -> list[int]:
        """Open what is not open; returns the shards this call opened. Safe from any process."""
        if not self._stale(await store.list_shards(self._pool), await self._read()):
            return []
        async with locked(self._pool, "shards") as connection:
            seen = await self._read()
            stale = self._stale(await store.list_shards(connection), seen)
            for shard in stale:
                now = seen[shard.shard]
                wanted = next_epoch(shard, now)
                epoch = await store.open_shard(connection, shard.shard, wanted, now.server)
                await self._ledger.fence(shard.shard, epoch)
        return [shard.shard for shard in stale]

    async def _read(self) -> list[Seen]:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.info("server")
        for shard in range(SHARDS):
            pipeline.hget(meta_key(shard), "epoch")
        server, *epochs = await pipeline.execute()
        run_id = server["run_id"]
        return [Seen(run_id, None if epoch is None else int(epoch)) for epoch in epochs]

    @staticmethod
    def _stale(shards: list[Shard], seen: list[Seen]) -> list[Shard]:
        return [s for s in shards if seen[s.shard] != Seen(s.server or "", s.epoch)]
