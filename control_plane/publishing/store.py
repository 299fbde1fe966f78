"""The shards' epochs in PostgreSQL."""

from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.publishing")
_LIST_SHARDS, _OPEN_SHARD = _SQL["list_shards"], _SQL["open_shard"]


@dataclass(frozen=True, slots=True)
class Shard:
    """`server`: the run id of the Redis it was last opened on; None if never opened."""

    shard: int
    epoch: int
    server: str | None


async def list_shards(source: Connection | Pool) -> list[Shard]:
    """All shards, in order."""
    return [Shard(**row) for row in await source.fetch(_LIST_SHARDS)]


async def open_shard(connection: Connection, shard: int, epoch: int, server: str) -> int:
    """Enter this epoch unless a later one is stored; returns the stored epoch."""
    return int(await connection.fetchval(_OPEN_SHARD, shard, epoch, server))
