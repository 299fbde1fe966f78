"""Restarts stopped subscribers: FastStream stops one for good when its group is missing.

This happens when Redis was emptied. Groups are created at the beginning of the stream, so entries
added meanwhile are read; entries that were posted before are recognised by their number.
"""

import structlog
from faststream.redis import RedisBroker
from redis.asyncio import Redis

from control_plane.workers.consumer import consumer_groups

log = structlog.get_logger()


class Watchdog:
    """Watches the subscribers of one broker."""

    def __init__(self, redis: Redis, broker: RedisBroker) -> None:
        self._redis, self._broker = redis, broker

    def running(self) -> bool:
        """Whether every subscriber is reading; a reachable broker does not imply that."""
        subscribers = self._broker.subscribers
        return bool(subscribers) and all(each.running for each in subscribers)

    async def check(self) -> None:
        """Create missing groups and start stopped subscribers."""
        missing = await consumer_groups.ensure(self._redis)
        if missing:
            log.warning("outbox.groups_created", shards=missing)
        for subscriber in self._broker.subscribers:
            if not subscriber.running:
                await subscriber.start()
                log.warning("outbox.subscriber_restarted")
