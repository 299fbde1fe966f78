"""A shard's accounts, outbox and holds in Redis, read in one MULTI/EXEC transaction."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from control_plane.ledger.audit.report import OrphanedHold
from control_plane.ledger.outbox_entry import Entry, Unpostable, read
from shared import keyspace

ORPHANED_AFTER_MS = 20_000
"""A hold this long past its deadline should have been swept."""


@dataclass(frozen=True, slots=True)
class RedisAccount:
    """An account's balance in micro-credits. `holds` is the sum of its live holds."""

    account: str
    epoch: int
    seq: int
    change_seq: int
    avail: int
    held: int
    holds: int


@dataclass(frozen=True, slots=True)
class ShardState:
    """`entries`: the readable part of the outbox. `accounts`: the requested ones that Redis has."""

    epoch: int
    accounts: dict[str, RedisAccount]
    entries: tuple[Entry, ...]
    orphaned_holds: tuple[OrphanedHold, ...]


async def read_shard(redis: Redis, shard: int, accounts: Sequence[str]) -> ShardState:
    """Read these accounts, and the outbox and holds of their shard, at one moment.

    Raises redis-py's errors.
    """
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
    # A hold of an earlier epoch holds nothing: the account was loaded without it.
    found = zip(members, rest[len(accounts) :], strict=True)
    amounts = {member: amount for member, (amount, of) in found if of == epoch}
    holds = [_hold(member, int(due), amounts, _ms(moment)) for member, due in deadlines]
    found_accounts = {
        account: _read_account(account, values, holds)
        for account, values in zip(accounts, rest[: len(accounts)], strict=True)
        if values[0] is not None
    }
    orphaned_holds = tuple(hold for hold in holds if hold.overdue_ms > ORPHANED_AFTER_MS)
    return ShardState(int(epoch or 0), found_accounts, tuple(_readable(stream)), orphaned_holds)


async def list_unknown_accounts(redis: Redis, known: Set[str]) -> dict[str, int]:
    """Live accounts that are not in `known`, with what each could spend in micro-credits."""
    found = {}
    async for key in redis.scan_iter(match=_ACCOUNT_KEYS, count=1000):
        account = key.decode().rpartition(":a:")[2]
        if account in known:
            continue
        epoch, avail, held = await redis.hmget(key, "epoch", "avail", "held")
        meta = keyspace.meta_key(keyspace.shard_of(account))
        # No script touches an account of an earlier epoch.
        if epoch is not None and epoch == await redis.hget(meta, "epoch"):
            found[account] = int(avail or 0) + int(held or 0)
    return found


_ACCOUNT_KEYS = keyspace.ACCOUNT_KEYS
_FIELDS = ("epoch", "seq", "change_seq", "avail", "held")


def _read_account(
    account: str, values: Sequence[bytes], holds: Sequence[OrphanedHold]
) -> RedisAccount:
    own = sum(hold.amount for hold in holds if hold.account == account)
    epoch, seq, change_seq, avail, held = (int(value) for value in values)
    return RedisAccount(account, epoch, seq, change_seq, avail, held, holds=own)


def _hold(
    member: bytes, due_ms: int, amounts: dict[str, bytes | None], now_ms: int
) -> OrphanedHold:
    request_id, _, account = member.decode().rpartition("|")
    # A hold made between the two reads has no amount here: the account is read again.
    amount = int(amounts.get(member.decode()) or 0)
    return OrphanedHold(account, request_id, amount, now_ms - due_ms)


def _ms(moment: tuple[int, int]) -> int:
    return moment[0] * 1000 + moment[1] // 1000


def _readable(stream: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> list[Entry]:
    """Entries that can be parsed. One that cannot shows up as a gap in its account's numbers."""
    entries = []
    for entry_id, fields in stream:
        try:
            entries.append(read(entry_id.decode(), fields))
        except Unpostable:
            continue
    return entries
