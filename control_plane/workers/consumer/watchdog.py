"""Brings back subscribers that stopped: FastStream ends one for good when its group is missing.

That happens when Redis was emptied. The groups are made again at the beginning, so what came in
meanwhile is read; what had been booked before is known by its number.
"""

import structlog
from faststream.redis import RedisBroker
from redis.asyncio import Redis

from control_plane.workers.consumer import consumer_groups

log = structlog.get_logger()


class Watchdog:
    """Looks after one broker's subscribers."""

    def __init__(self, redis: Redis, broker: RedisBroker) -> None:
        self._redis, self._broker = redis, broker

    def running(self) -> bool:
        """Whether every subscriber reads. A broker that can be reached says nothing of that."""
        subscribers = self._broker.subscribers
        return bool(subscribers) and all(each.running for each in subscribers)

    async def check(self) -> None:
        """Make missing groups, start stopped subscribers."""
        missing = await consumer_groups.ensure(self._redis)
        if missing:
            log.warning("outbox.groups_made", shards=missing)
        for subscriber in self._broker.subscribers:
            if not subscriber.running:
                await subscriber.start()
                log.warning("outbox.subscriber_restarted")
