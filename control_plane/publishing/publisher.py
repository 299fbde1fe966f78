"""Publishes tier limits, signing keys and the catalogue from PostgreSQL to Redis.

It writes only differences, so it can run every second in every process, and it restores lost data
within a second. The version grows with every change, so readers poll one number.
"""

import json
from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.api_keys import service as api_keys
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Tier
from control_plane.identity.tokens.signing_keys import Keys
from control_plane.kit.database import Pool
from control_plane.preferences import store
from control_plane.publishing.published_hash import PublishedHash
from control_plane.publishing.revocations import RevocationPublisher
from control_plane.publishing.shards import Shards
from shared import keyspace
from shared.catalogue import encode

_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is published: two documents, and the limits, which every shard has a copy of."""

    jwks: bytes
    catalogue: bytes
    tiers: dict[bytes, bytes]


class Publisher:
    """Publishes to one Redis."""

    def __init__(self, pool: Pool, redis: Redis, keys: Keys, shards: Shards) -> None:
        self._pool, self._redis, self._keys, self._shards = pool, redis, keys, shards
        self._hashes = (
            PublishedHash(redis, keyspace.API_KEYS, api_keys.count, api_keys.list_published, 60),
            PublishedHash(redis, keyspace.PREFERENCES, None, store.list_published, 600),
        )
        self._revocations = RevocationPublisher(pool, redis)

    async def publish(self) -> bool:
        """Publish everything; True when something was written. Shards open last.

        The signing keys are written after everything that a loss of Redis took with them: while
        they are missing, the next call knows that the rest is missing, too.
        """
        expected, found = await self._read_database(), await self._read_redis()
        changed, lost = expected != found, found is None or not found.jwks
        for each in self._hashes:
            changed = await each.publish(self._pool, lost=lost) or changed
        changed = await self._revocations.publish() or changed
        if expected != found:
            await self._write(expected)
        return bool(await self._shards.open()) or changed

    async def _read_database(self) -> _Contents:
        jwks = json.dumps(await self._keys.load_public(), sort_keys=True)
        snapshot = await catalogue.snapshot(self._pool)
        tiers = await catalogue.list_tiers(self._pool)
        return _Contents(jwks.encode(), encode(snapshot), _limits(tiers))

    async def _read_redis(self) -> _Contents | None:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.get(keyspace.JWKS)
        pipeline.get(keyspace.CATALOGUE)
        for shard in range(keyspace.SHARDS):
            pipeline.hgetall(keyspace.tiers_key(shard))
        jwks, snapshot, *tiers = await pipeline.execute()
        if any(each != tiers[0] for each in tiers):
            return None
        return _Contents(jwks or b"", snapshot or b"", tiers[0])

    async def _write(self, contents: _Contents) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in range(keyspace.SHARDS):
            key = keyspace.tiers_key(shard)
            pipeline.delete(key)
            if contents.tiers:
                pipeline.hset(key, mapping=contents.tiers)  # type: ignore[arg-type]
        pipeline.set(keyspace.JWKS, contents.jwks)
        pipeline.set(keyspace.CATALOGUE, contents.catalogue)
        pipeline.incr(keyspace.DIRECTORY_VERSION)
        await pipeline.execute()


def _limits(tiers: list[Tier]) -> dict[bytes, bytes]:
    """`<tier>:rank|rpm|tpm|cpd|open|body|alerts`, as the scripts read them; -1 is no limit."""
    fields: dict[bytes, bytes] = {}
    for tier in tiers:
        limits = {
            "rank": tier.rank,
            "rpm": tier.requests_per_minute,
            "tpm": tier.tokens_per_minute,
            "cpd": tier.credits_per_day_micro,
            "open": tier.concurrent_requests,
            "body": tier.body_bytes_max,
        }
        for name, limit in limits.items():
            number = _NO_LIMIT if limit is None else limit
            fields[f"{tier.id}:{name}".encode()] = str(number).encode()
        percents = sorted(set(tier.alert_percents), reverse=True)
        fields[f"{tier.id}:alerts".encode()] = ",".join(map(str, percents)).encode()
    return fields
