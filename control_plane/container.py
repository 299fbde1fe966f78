"""The services every part of the plane uses: built once per process and passed down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.identity.tokens.signing_keys import Keys
from control_plane.kit.database import Pool, close, connect
from control_plane.ledger.relay import Relay
from control_plane.publishing.publisher import Publisher
from control_plane.publishing.shards import Shards
from control_plane.settings import Settings
from shared import calls
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Container:
    """PostgreSQL, Redis, and the services that need nothing but these two."""

    pool: Pool
    redis: Redis
    ledger: Ledger
    keys: Keys
    relay: Relay
    publisher: Publisher


@asynccontextmanager
async def open_container(settings: Settings, *, pool_size: int = 10) -> AsyncIterator[Container]:
    """Connect to PostgreSQL and Redis, and disconnect on exit."""
    async with open_pool(settings, size=pool_size) as pool:
        redis = calls.connect(settings.redis_url.get_secret_value())
        try:
            yield build_container(settings, pool, redis)
        finally:
            await redis.aclose()


@asynccontextmanager
async def open_pool(settings: Settings, *, size: int = 2) -> AsyncIterator[Pool]:
    """Connect to PostgreSQL only."""
    pool = await connect(settings.database_url.get_secret_value(), size_max=size)
    try:
        yield pool
    finally:
        await close(pool)


def build_container(settings: Settings, pool: Pool, redis: Redis) -> Container:
    """The services over these two connections."""
    ledger = Ledger(calls.ScriptCalls(redis))
    keys = Keys(pool, settings.derived_key("signing keys"))
    publisher = Publisher(pool, redis, keys, Shards(pool, redis, ledger))
    return Container(pool, redis, ledger, keys, Relay(pool, redis, ledger), publisher)
