"""An account's current balance: from Redis if it is loaded there, else from PostgreSQL.

Redis is ahead of PostgreSQL by about a second. Without Redis, PostgreSQL's figures are returned:
reading a balance works without Redis, spending does not.
"""

from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.kit.database import Pool
from control_plane.ledger import store
from control_plane.ledger.records import Balance, Lot
from shared import keyspace
from shared.errors import NotFound


async def load(pool: Pool, redis: Redis, account: str) -> Balance:
    """The balance in micro-credits. Raises NotFound."""
    lots = await store.list_lots(pool, account)
    debt = await store.find_debt(pool, account)
    if debt is None:
        raise NotFound("There is no such account.")
    redis_state = await _read_redis(redis, account)
    if redis_state is None:
        return _balance(account, lots, debt)
    return _live(account, lots, *redis_state)


def _balance(account: str, lots: list[Lot], debt: int) -> Balance:
    total = sum(lot.amount for lot in lots)
    remaining = sum(lot.remaining for lot in lots) - debt
    return Balance(account, total, remaining, 0, live=False, lots=tuple(lots))


def _live(
    account: str, lots: list[Lot], figures: dict[bytes, bytes], left: dict[str, int]
) -> Balance:
    """Lots that Redis does not have yet count in full, since their grant is being delivered."""
    known = {lot.id for lot in lots}
    # Expired lots are not spendable, though Redis removes them only at the next reservation.
    expired = sum(amount for lot, amount in left.items() if lot not in known)
    current = [replace(lot, remaining=left.get(lot.id, lot.remaining)) for lot in lots]
    undelivered = sum(lot.remaining for lot in current if lot.id not in left)
    remaining = int(figures[b"avail"]) - expired + undelivered
    total = sum(lot.amount for lot in current)
    return Balance(account, total, remaining, int(figures[b"held"]), live=True, lots=tuple(current))


async def _read_redis(
    redis: Redis, account: str
) -> tuple[dict[bytes, bytes], dict[str, int]] | None:
    pipeline = redis.pipeline(transaction=True)
    pipeline.hgetall(keyspace.account_key(account))
    pipeline.hgetall(keyspace.lots_key(account))
    pipeline.hget(keyspace.meta_key(keyspace.shard_of(account)), "epoch")
    try:
        answers: list[Any] = await pipeline.execute()
    except (RedisError, OSError):
        return None
    figures, left, epoch = answers
    if not figures or figures[b"epoch"] != epoch:
        return None
    return figures, {lot.decode(): int(amount) for lot, amount in left.items()}
