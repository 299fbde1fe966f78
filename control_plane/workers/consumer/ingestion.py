"""Books a batch of outbox entries: one transaction, then the acknowledgement, never before.

A batch that the database refuses is taken apart and each entry booked alone, so one that is poison
does not hold up the others. It stays pending, is delivered again, and after five deliveries is kept
aside in `dead_letters`. When the database is away nothing is given up: the batch waits for it, and
the rest waits in the stream.
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
_AWAY = (
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
    """Entries of one stream as they were read: id and fields, both as Redis has them."""

    stream: str
    entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]


class Ingestion:
    """Books batches into one database."""

    def __init__(
        self, pool: Pool, redis: Redis, metrics: WorkerMetrics, stop: asyncio.Event | None = None
    ) -> None:
        self.metrics = metrics
        self._pool, self._redis = pool, redis
        self._stop = stop or asyncio.Event()
        self._partitions = recording.Partitions(pool)

    async def take(self, batch: Batch) -> None:
        """Book what can be booked and acknowledge what is done with.

        A batch that waits for the database when the process ends stays pending, and is reclaimed.
        """
        while True:
            try:
                done = await self._book(batch)
                break
            except _AWAY as error:
                log.warning("ingest.database_away", stream=batch.stream, reason=str(error))
                if self._stop.is_set():
                    return
                await asyncio.sleep(_RETRY_S)
        reach("worker after commit, before ack")
        if done:
            await self._redis.xack(batch.stream, GROUP, *done)

    async def _book(self, batch: Batch) -> list[bytes]:
        """Ids of the entries that are done with."""
        try:
            await self._book_together([read(i.decode(), fields) for i, fields in batch.entries])
        except _AWAY:
            raise
        except _REFUSED:
            return await self._book_apart(batch)
        return [entry_id for entry_id, _ in batch.entries]

    async def _book_together(self, entries: Sequence[Entry]) -> None:
        await self._partitions.prepare(entry.at_ms for entry in entries)
        async with transaction(self._pool) as connection:
            fresh = await posting.post(connection, entries)
            await recording.record(connection, fresh)
            reach("worker before commit")
        self.metrics.batches.inc()
        self.metrics.posted.inc(len(fresh))
        self.metrics.redelivered.inc(len(entries) - len(fresh))
        for posted in fresh:
            if posted.entry.alert:
                self.metrics.alerts.labels(posted.entry.alert.event_type).inc()
            self.metrics.voided.inc(posted.void)

    async def _book_apart(self, batch: Batch) -> list[bytes]:
        done = []
        for entry_id, fields in batch.entries:
            try:
                await self._book_together([read(entry_id.decode(), fields)])
            except _AWAY:
                raise
            except _REFUSED as error:
                if not await self._give_up(batch.stream, entry_id, fields, error):
                    continue
            done.append(entry_id)
        return done

    async def _give_up(
        self, stream: str, entry_id: bytes, fields: Mapping[bytes, bytes], error: Exception
    ) -> bool:
        """True when the entry has been tried often enough and now lies in `dead_letters`."""
        deliveries = await self._deliveries(stream, entry_id)
        log.error(
            *("ingest.entry_refused",),
            stream=stream,
            entry=entry_id.decode(),
            reason=str(error),
            deliveries=deliveries,
        )
        if deliveries < DELIVERIES_MAX:
            return False
        letter = DeadLetter(stream, entry_id.decode(), fields, str(error), deliveries)
        await dead_letters.create(self._pool, letter)
        self.metrics.dead_lettered.inc()
        return True

    async def _deliveries(self, stream: str, entry_id: bytes) -> int:
        """An entry that is pending no more, for Redis lost it, is not delivered again either."""
        try:
            pending = await self._redis.xpending_range(stream, GROUP, entry_id, entry_id, 1)
        except ResponseError:
            pending = []
        return int(pending[0]["times_delivered"]) if pending else DELIVERIES_MAX
