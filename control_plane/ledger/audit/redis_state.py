"""What Redis says of a shard's accounts: read in one transaction, so all of it is of one moment."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from control_plane.ledger.audit.report import Stray
from control_plane.ledger.outbox_entry import Entry, Unbookable, read
from shared import keyspace

STRAY_AFTER_MS = 20_000
"""A deadline passed this long ago should have been swept."""


@dataclass(frozen=True, slots=True)
class Working:
    """An account's working balance. `holds` is the sum of its live holds."""

    account: str
    epoch: int
    seq: int
    gv: int
    avail: int
    held: int
    holds: int


@dataclass(frozen=True, slots=True)
class ShardState:
    """`entries` are all of the shard's outbox that can be read; `accounts` only those in Redis."""

    epoch: int
    accounts: dict[str, Working]
    entries: tuple[Entry, ...]
    strays: tuple[Stray, ...]


async def read_shard(redis: Redis, shard: int, accounts: Sequence[str]) -> ShardState:
    """These accounts, the outbox and the holds of their shard, as they are at one moment."""
    due: list[Any] = await redis.zrange(keyspace.deadlines_key(shard), 0, -1)
    members = [member.decode() for member in due]
    pipeline = redis.pipeline(transaction=True)
    pipeline.time()
    pipeline.hget(keyspace.meta_key(shard), "epoch")
    pipeline.xrange(keyspace.outbox_key(shard))
    pipeline.zrange(keyspace.deadlines_key(shard), 0, -1, withscores=True)
    for account in accounts:
        pipeline.hmget(keyspace.account_key(account), *_FIELDS)
    for member in members:
        request_id, _, account = member.rpartition("|")
        pipeline.hmget(keyspace.hold_key(account, request_id), "amount", "epoch")
    moment, epoch, stream, deadlines, *rest = await pipeline.execute()
    # A hold of an epoch that is over holds nothing: its account has been loaded without it.
    found = zip(members, rest[len(accounts) :], strict=True)
    amounts = {member: amount for member, (amount, of) in found if of == epoch}
    holds = [_hold(member, int(due), amounts, _ms(moment)) for member, due in deadlines]
    working = {
        account: _working(account, values, holds)
        for account, values in zip(accounts, rest[: len(accounts)], strict=True)
        if values[0] is not None
    }
    strays = tuple(hold for hold in holds if hold.overdue_ms > STRAY_AFTER_MS)
    return ShardState(int(epoch or 0), working, tuple(_readable(stream)), strays)


async def list_strangers(redis: Redis, known: Set[str]) -> dict[str, int]:
    """Accounts that Redis has in use and that are not known: what each of them could spend."""
    found = {}
    async for key in redis.scan_iter(match=_ACCOUNT_KEYS, count=1000):
        account = key.decode().rpartition(":a:")[2]
        if account in known:
            continue
        epoch, avail, held = await redis.hmget(key, "epoch", "avail", "held")
        meta = keyspace.meta_key(keyspace.shard_of(account))
        # Of an epoch that is over it is dead: no script touches it.
        if epoch is not None and epoch == await redis.hget(meta, "epoch"):
            found[account] = int(avail or 0) + int(held or 0)
    return found


_ACCOUNT_KEYS = "{s??}:a:*"
_FIELDS = ("epoch", "seq", "gv", "avail", "held")


def _working(account: str, values: Sequence[bytes], holds: Sequence[Stray]) -> Working:
    mine = sum(hold.amount for hold in holds if hold.account == account)
    epoch, seq, gv, avail, held = (int(value) for value in values)
    return Working(account, epoch, seq, gv, avail, held, mine)


def _hold(member: bytes, due_ms: int, amounts: dict[str, bytes | None], now_ms: int) -> Stray:
    request_id, _, account = member.decode().rpartition("|")
    # A hold made between the two readings has no amount here: the account is read again.
    amount = int(amounts.get(member.decode()) or 0)
    return Stray(account, request_id, amount, now_ms - due_ms)


def _ms(moment: tuple[int, int]) -> int:
    return moment[0] * 1000 + moment[1] // 1000


def _readable(stream: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> list[Entry]:
    """What cannot be read is of no known account; it shows as a gap in that account's numbers."""
    entries = []
    for entry_id, fields in stream:
        try:
            entries.append(read(entry_id.decode(), fields))
        except Unbookable:
            continue
    return entries
