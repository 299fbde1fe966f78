"""The credit ledger's operations, typed: each method is one script, one call, one outcome by name.

All amounts are integer micro-credits. Every operation is idempotent by the id of what it is about,
so any of them may be sent again. `LedgerAway` from any of them means: fail closed, spend nothing.
"""

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol

from shared import keyspace, scripts
from shared.calls import Argument
from shared.ledger_records import (
    Extension,
    Lot,
    Reservation,
    ReserveRequest,
    Settlement,
    Snapshot,
    Window,
)
from shared.scripts import Script


class Calls(Protocol):
    """Sends one script call and awaits its answer."""

    def call(
        self, script: Script, keys: Sequence[str], args: Sequence[Argument]
    ) -> Awaitable[Any]: ...


class Ledger:
    """The operations on accounts, over anything that sends script calls."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def reserve(self, request: ReserveRequest) -> Reservation:
        """Hold credits for a request or refuse it by name; see reserve.lua for the order."""
        keys = [
            *_account_keys(request.account, request.request_id),
            keyspace.window_key(request.account),
            _tiers(request.account),
            _outbox(request.account),
            _meta(request.account),
        ]
        args: list[Argument] = [
            request.account,
            request.request_id,
            request.fingerprint,
            request.target,
            request.min_hold,
            request.tokens,
            request.rank,
            request.ttl_ms,
            request.event,
            request.api_key,
            request.cap,
        ]
        answer = await self._calls.call(scripts.RESERVE, keys, args)
        outcome, number = _text(answer[0]), int(answer[1])
        if outcome == "cold":
            return Reservation(outcome, number)
        rest = [int(part) for part in answer[2:]]
        return Reservation(
            outcome,
            number,
            rest[0],
            Window(*rest[1:4]),
            Window(*rest[4:7]),
            Window(*rest[7:10]),
        )

    async def progress(self, account: str, request_id: str, used: int, ttl_ms: int) -> bool:
        """Heartbeat. False when the hold has ended, or was left behind in an earlier epoch.

        Either way the request goes on to its settle, which puts right what was charged meanwhile.
        """
        shard = keyspace.shard_of(account)
        keys = [keyspace.hold_key(account, request_id), keyspace.deadlines_key(shard)]
        keys += [keyspace.account_key(account)]
        answer = await self._calls.call(scripts.PROGRESS, keys, [account, request_id, used, ttl_ms])
        return _text(answer[0]) == "inflight"

    async def extend(
        self,
        request: ReserveRequest,
        *,
        step: int,
        target: int,
        min_hold: int,
        tokens: int,
        used: int,
    ) -> Extension:
        """Add to the hold of `request`; `step` counts 1, 2, 3 … within it.

        Up to `target` micro-credits are added, and nothing where fewer than `min_hold` are left.
        """
        keys = [
            *_account_keys(request.account, request.request_id),
            keyspace.window_key(request.account),
            _tiers(request.account),
        ]
        args: list[Argument] = [
            request.account,
            request.request_id,
            step,
            target,
            min_hold,
            tokens,
            used,
            request.ttl_ms,
        ]
        answer = await self._calls.call(scripts.EXTEND, keys, args)
        return Extension(_text(answer[0]), int(answer[1]), int(answer[2]))

    async def settle(
        self,
        account: str,
        request_id: str,
        charge: int,
        tokens: int,
        event: bytes,
        *,
        api_key: str = "",
    ) -> Settlement:
        """Charge the actual cost, once. On `cold`, load the account and call again.

        `api_key` is whose cap it counts against where no hold says so.
        """
        keys = [*_ending_keys(account, request_id), _meta(account)]
        args: list[Argument] = [account, request_id, charge, tokens, event, api_key]
        return await self._end(scripts.SETTLE, keys, args)

    async def release(self, account: str, request_id: str, event: bytes) -> Settlement:
        """Give the hold back whole."""
        keys = _ending_keys(account, request_id)
        return await self._end(scripts.RELEASE, keys, [account, request_id, event])

    async def sweep(self, account: str, request_id: str) -> Settlement:
        """End this hold if its deadline has passed."""
        keys = _ending_keys(account, request_id)
        return await self._end(scripts.SWEEP, keys, [account, request_id])

    async def grant(self, account: str, change_seq: int, lot: Lot) -> tuple[str, int]:
        """Apply a numbered grant: (cold, stale, gap, full or applied; micro-credits available)."""
        keys = [
            keyspace.account_key(account),
            keyspace.lots_key(account),
            keyspace.lot_order_key(account),
            _outbox(account),
            _meta(account),
        ]
        args: list[Argument] = [account, change_seq, lot.id, lot.remaining, lot.score]
        return _pair(await self._calls.call(scripts.GRANT, keys, args))

    async def amend(
        self, account: str, change_seq: int, state: str, tier: str, floor: int | None = None
    ) -> tuple[str, int]:
        """Apply a numbered change of state, tier, floor: (cold, stale, gap or applied; change_seq).

        `floor` None leaves it unchanged.
        """
        keys = [keyspace.account_key(account), _meta(account)]
        args: list[Argument] = [change_seq, state, tier, "" if floor is None else floor]
        return _pair(await self._calls.call(scripts.AMEND, keys, args))

    async def correct(
        self, account: str, change_seq: int, parts: Sequence[Lot], debt: int
    ) -> tuple[str, int]:
        """Apply a numbered correction: parts say how much each lot changes, `debt` is added.

        A correction that forgives debt ends with a part, of 0 if need be, that names a lot (see
        correct.lua). Returns (cold, stale, gap or applied; micro-credits available).
        """
        keys = [
            keyspace.account_key(account),
            keyspace.lots_key(account),
            keyspace.lot_order_key(account),
            _outbox(account),
            _meta(account),
        ]
        args: list[Argument] = [account, change_seq, debt, len(parts)]
        for lot in parts:
            args += [lot.id, lot.remaining, lot.score]
        return _pair(await self._calls.call(scripts.CORRECT, keys, args))

    async def expire_lots(self, account: str) -> tuple[str, int]:
        """Remove expired lots: (cold, none or expired; micro-credits expired)."""
        keys = [
            keyspace.account_key(account),
            keyspace.lots_key(account),
            keyspace.lot_order_key(account),
            _outbox(account),
            _meta(account),
        ]
        return _pair(await self._calls.call(scripts.EXPIRE_LOTS, keys, [account]))

    async def load(self, snapshot: Snapshot) -> tuple[str, int]:
        """Bring an absent account in: (fenced | present | loaded, micro-credits available)."""
        s = snapshot
        keys = [
            keyspace.account_key(s.account),
            keyspace.lots_key(s.account),
            keyspace.lot_order_key(s.account),
            _tiers(s.account),
            _meta(s.account),
        ]
        args: list[Argument] = [s.epoch, s.seq, s.change_seq, s.debt, s.floor, s.state, s.tier]
        args += [s.basis, len(s.lots)]
        for lot in s.lots:
            args += [lot.id, lot.remaining, lot.score]
        for api_key, taken in s.capped:
            args += [api_key, taken]
        return _pair(await self._calls.call(scripts.LOAD, keys, args))

    async def fence(self, shard: int, epoch: int) -> tuple[str, int]:
        """Open a shard at an epoch: (fenced | ahead, epoch)."""
        keys = [keyspace.meta_key(shard)]
        return _pair(await self._calls.call(scripts.FENCE, keys, [epoch]))

    async def _end(
        self, script: Script, keys: Sequence[str], args: Sequence[Argument]
    ) -> Settlement:
        answer = await self._calls.call(script, keys, args)
        return Settlement(_text(answer[0]), *(int(part) for part in answer[1:4]))


def _account_keys(account: str, request_id: str) -> tuple[str, ...]:
    return (
        keyspace.account_key(account),
        keyspace.lots_key(account),
        keyspace.lot_order_key(account),
        keyspace.hold_key(account, request_id),
        keyspace.deadlines_key(keyspace.shard_of(account)),
    )


def _ending_keys(account: str, request_id: str) -> list[str]:
    return [
        *_account_keys(account, request_id),
        keyspace.window_key(account),
        _outbox(account),
        _tiers(account),
    ]


def _tiers(account: str) -> str:
    return keyspace.tiers_key(keyspace.shard_of(account))


def _outbox(account: str) -> str:
    return keyspace.outbox_key(keyspace.shard_of(account))


def _meta(account: str) -> str:
    return keyspace.meta_key(keyspace.shard_of(account))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _pair(answer: Any) -> tuple[str, int]:
    return _text(answer[0]), int(answer[1])
