"""What an account has at this moment: from Redis while it is in use there, else from PostgreSQL.

Redis knows what PostgreSQL will learn a second later. When it is away or does not have the account,
PostgreSQL's figures are shown: reading works without Redis, only spending does not.
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
    """Raises NotFound."""
    lots = await store.list_lots(pool, account)
    debt = await store.find_debt(pool, account)
    if debt is None:
        raise NotFound("There is no such account.")
    working = await _find_working(redis, account)
    if working is None:
        return _balance(account, lots, debt)
    return _live(account, lots, *working)


def _balance(account: str, lots: list[Lot], debt: int) -> Balance:
    total = sum(lot.amount for lot in lots)
    remaining = sum(lot.remaining for lot in lots) - debt
    return Balance(account, total, remaining, 0, live=False, lots=tuple(lots))


def _live(
    account: str, lots: list[Lot], figures: dict[bytes, bytes], left: dict[str, int]
) -> Balance:
    """A lot that Redis does not have yet is on its way there, whole."""
    known = {lot.id for lot in lots}
    # What has expired is no longer spendable, though Redis drops it only at the next reservation.
    expired = sum(amount for lot, amount in left.items() if lot not in known)
    here = [replace(lot, remaining=left.get(lot.id, lot.remaining)) for lot in lots]
    coming = sum(lot.remaining for lot in here if lot.id not in left)
    remaining = int(figures[b"avail"]) - expired + coming
    total = sum(lot.amount for lot in here)
    return Balance(account, total, remaining, int(figures[b"held"]), live=True, lots=tuple(here))


async def _find_working(
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
