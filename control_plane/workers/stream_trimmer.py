"""Trims the outbox streams and measures their lag. Only entries that are in PostgreSQL are trimmed.

An acknowledgement frees no memory in Redis, so everything below the lowest entry that any group
still needs is removed. Trimming by length would remove entries that have not been read.
"""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from control_plane.metrics import WorkerMetrics
from control_plane.workers.consumer.consumer_groups import GROUP
from shared.keyspace import SHARDS, outbox_key

_CONSUMER_IDLE_MS = 3_600_000

StreamId = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GroupPosition:
    """A consumer group's position. `lowest_pending` None: nothing is pending."""

    last_delivered: StreamId
    lowest_pending: StreamId | None


def keep_from(groups: list[GroupPosition]) -> StreamId | None:
    """The lowest entry that any group still needs. None: there is no group, so keep all. Pure."""
    if not groups:
        return None
    return min(group.lowest_pending or _next(group.last_delivered) for group in groups)


class StreamTrimmer:
    """Trims the streams of one Redis."""

    def __init__(self, redis: Redis, metrics: WorkerMetrics) -> None:
        self._redis, self._metrics = redis, metrics

    async def trim(self) -> None:
        """Trim the streams of all shards."""
        for shard in range(SHARDS):
            await self._trim(shard)

    async def _trim(self, shard: int) -> None:
        stream = outbox_key(shard)
        groups = []
        for info in await self._redis.xinfo_groups(stream):
            name = info["name"].decode()
            pending = await self._redis.xpending(stream, name)
            if name == GROUP:
                self._metrics.lag.labels(shard).set(info.get("lag") or 0)
                self._metrics.pending.labels(shard).set(pending["pending"])
            groups.append(_group(info, pending))
        lowest = keep_from(groups)
        if lowest is not None:
            minid = f"{lowest[0]}-{lowest[1]}"
            await self._redis.xtrim(stream, minid=minid, approximate=False)
        await self._remove_idle_consumers(stream)

    async def _remove_idle_consumers(self, stream: str) -> None:
        """Every process reads under its own name; remove names that have been idle for an hour."""
        for consumer in await self._redis.xinfo_consumers(stream, GROUP):
            if consumer["pending"] == 0 and consumer["idle"] > _CONSUMER_IDLE_MS:
                await self._redis.xgroup_delconsumer(stream, GROUP, consumer["name"])


def _group(info: dict[str, Any], pending: dict[str, Any]) -> GroupPosition:
    lowest = pending["min"]
    return GroupPosition(_parse(info["last-delivered-id"]), _parse(lowest) if lowest else None)


def _parse(stream_id: bytes) -> StreamId:
    ms, _, number = stream_id.decode().partition("-")
    return int(ms), int(number)


def _next(stream_id: StreamId) -> StreamId:
    return stream_id[0], stream_id[1] + 1
