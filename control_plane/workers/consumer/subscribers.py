"""FastStream subscribers on the outbox streams: two per shard, in one consumer group.

The reader takes new entries in batches; the reclaimer takes entries that a dead worker had read and
not acknowledged. `ingestion` acknowledges after the commit, since FastStream would acknowledge a
whole batch or nothing. Entries are posted from their fields, so their body is not parsed here.
"""

import asyncio
import os
import socket
from typing import Any

from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import FAKE_CONSUMER, RedisBatchStreamMessage

from control_plane.workers.consumer import stream_logs
from control_plane.workers.consumer.consumer_groups import GROUP
from control_plane.workers.consumer.ingestion import Batch, Ingestion
from shared.keyspace import SHARDS, outbox_key

BATCH_MAX = 500
_POLL_MS = 1000
_LINGER_S = 0.2
"""A small batch costs as much as a large one, so after one the next may fill up."""


def consumer_name() -> str:
    """Unique per process: with a shared name, processes would take each other's entries."""
    return f"{socket.gethostname()}-{os.getpid()}"


def build(url: str, ingestion: Ingestion, *, reclaim_idle_ms: int, grace_s: float) -> RedisBroker:
    """A broker with all subscribers, not started yet."""
    broker = RedisBroker(
        url, apply_types=False, graceful_timeout=grace_s, logger=stream_logs.build()
    )
    name = consumer_name()

    async def take(raw: dict[str, Any]) -> None:
        entries = zip(raw["message_ids"], raw["data"], strict=True)
        await ingestion.take(Batch(raw["channel"], list(entries)))

    async def take_and_linger(raw: dict[str, Any]) -> None:
        await take(raw)
        if len(raw["data"]) < BATCH_MAX // 2:
            await asyncio.sleep(_LINGER_S)

    for shard in range(SHARDS):
        stream = outbox_key(shard)
        reader = StreamSub(
            stream,
            polling_interval=_POLL_MS,
            group=GROUP,
            consumer=f"{name}-reader",
            batch=True,
            max_records=BATCH_MAX,
        )
        reclaimer = StreamSub(
            stream,
            polling_interval=_POLL_MS,
            group=GROUP,
            consumer=f"{name}-reclaimer",
            batch=True,
            min_idle_time=reclaim_idle_ms,
        )
        for source, handler in ((reader, take_and_linger), (reclaimer, take)):
            broker.subscriber(
                stream=source, parser=_parse, decoder=_decode, ack_policy=AckPolicy.MANUAL
            )(handler)
    return broker


async def _parse(raw: dict[str, Any]) -> RedisBatchStreamMessage:
    return RedisBatchStreamMessage(raw_message=raw, body=b"", consumer=FAKE_CONSUMER, group=GROUP)


async def _decode(message: RedisBatchStreamMessage) -> Any:
    return message.raw_message
