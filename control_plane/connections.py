"""What every part of the plane works with: opened once per process, handed down from the root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.credits.relay import Relay
from control_plane.directory.publisher import Publisher
from control_plane.directory.shards import Shards
from control_plane.kit.database import Pool, close, connect
from control_plane.oidc.keys import Keys
from control_plane.settings import Settings
from shared import calls
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Connections:
    """PostgreSQL, Redis, and what is built on nothing but these two."""

    pool: Pool
    redis: Redis
    ledger: Ledger
    keys: Keys
    relay: Relay
    publisher: Publisher


@asynccontextmanager
async def opened(settings: Settings, *, pool_size: int = 10) -> AsyncIterator[Connections]:
    """Open them, and close them whatever happens."""
    pool = await connect(settings.database_url.get_secret_value(), size_max=pool_size)
    redis = calls.connect(settings.redis_url.get_secret_value())
    try:
        yield assemble(settings, pool, redis)
    finally:
        await redis.aclose()
        await close(pool)


def assemble(settings: Settings, pool: Pool, redis: Redis) -> Connections:
    """Everything over these two connections."""
    ledger = Ledger(calls.ScriptCalls(redis))
    keys = Keys(pool, settings.derived_key("signing keys"))
    publisher = Publisher(pool, redis, keys, Shards(pool, redis, ledger))
    return Connections(pool, redis, ledger, keys, Relay(pool, redis, ledger), publisher)
