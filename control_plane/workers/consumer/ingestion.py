"""Posts a batch of outbox entries in one transaction, and acknowledges it afterwards.

A batch that the database refuses is split and each entry posted alone, so that one bad entry does
not block the others. A bad entry stays pending, is redelivered, and is moved to `dead_letters`
after five deliveries. While the database is unreachable the batch waits, and the rest waits in the
stream.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from control_plane.kit.database import Pool, transaction
from control_plane.ledger import posting
from control_plane.ledger.outbox_entry import Entry, Unpostable, read
from control_plane.metrics import WorkerMetrics
from control_plane.usage import dead_letters, recording
from control_plane.usage.dead_letters import DeadLetter
from control_plane.workers.consumer.consumer_groups import GROUP
from shared.failpoints import reach

DELIVERIES_MAX = 5
_RETRY_S = 0.5
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
)
_REFUSED = (Unpostable, asyncpg.PostgresError)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one stream: (id, fields), as read from Redis."""

    stream: str
    entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]


class Ingestion:
    """Posts batches to one database."""

    def __init__(
        self, pool: Pool, redis: Redis, metrics: WorkerMetrics, stop: asyncio.Event | None = None
    ) -> None:
        self.metrics = metrics
        self._pool, self._redis = pool, redis
        self._stop = stop or asyncio.Event()
        self._partitions = recording.Partitions(pool)

    async def take(self, batch: Batch) -> None:
        """Post what can be posted and acknowledge it.

        A batch that waits for the database when the process stops stays pending and is reclaimed.
        """
        while True:
            try:
                done = await self._post(batch)
                break
            except _UNAVAILABLE as error:
                log.warning(
                    "ingestion.database_unavailable", stream=batch.stream, reason=str(error)
                )
                if self._stop.is_set():
                    return
                await asyncio.sleep(_RETRY_S)
        reach("worker after commit, before ack")
        if done:
            await self._redis.xack(batch.stream, GROUP, *done)

    async def _post(self, batch: Batch) -> list[bytes]:
        """Post the batch; returns the ids to acknowledge."""
        try:
            await self._post_together([read(i.decode(), fields) for i, fields in batch.entries])
        except _UNAVAILABLE:
            raise
        except _REFUSED:
            return await self._post_each(batch)
        return [entry_id for entry_id, _ in batch.entries]

    async def _post_together(self, entries: Sequence[Entry]) -> None:
        await self._partitions.prepare(entry.at_ms for entry in entries)
        async with transaction(self._pool) as connection:
            posted = await posting.post(connection, entries)
            await recording.record(connection, posted)
            reach("worker before commit")
        self.metrics.batches.inc()
        self.metrics.posted.inc(len(posted))
        self.metrics.redelivered.inc(len(entries) - len(posted))
        for each in posted:
            if each.entry.alert:
                self.metrics.alerts.labels(each.entry.alert.event_type).inc()
            self.metrics.voided.inc(each.void)

    async def _post_each(self, batch: Batch) -> list[bytes]:
        done = []
        for entry_id, fields in batch.entries:
            try:
                await self._post_together([read(entry_id.decode(), fields)])
            except _UNAVAILABLE:
                raise
            except _REFUSED as error:
                if not await self._dead_letter(batch.stream, entry_id, fields, error):
                    continue
            done.append(entry_id)
        return done

    async def _dead_letter(
        self, stream: str, entry_id: bytes, fields: Mapping[bytes, bytes], error: Exception
    ) -> bool:
        """True when the entry reached the last delivery and was moved to `dead_letters`."""
        deliveries = await self._deliveries(stream, entry_id)
        log.error(
            "ingestion.entry_refused",
            stream=stream,
            entry=entry_id.decode(),
            reason=str(error),
            deliveries=deliveries,
        )
        if deliveries < DELIVERIES_MAX:
            return False
        email_message = DeadLetter(stream, entry_id.decode(), fields, str(error), deliveries)
        await dead_letters.create(self._pool, email_message)
        self.metrics.dead_lettered.inc()
        return True

    async def _deliveries(self, stream: str, entry_id: bytes) -> int:
        """How often the entry was delivered. One that Redis has lost is not delivered again."""
        try:
            pending = await self._redis.xpending_range(stream, GROUP, entry_id, entry_id, 1)
        except ResponseError:
            pending = []
        return int(pending[0]["times_delivered"]) if pending else DELIVERIES_MAX
