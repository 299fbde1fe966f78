"""One parsed outbox entry: the credits a script moved, and the usage they paid for. Pure.

The charge is computed from what was moved (lots taken, plus new debt, less what was returned), not
from a separate figure. What a request cost beyond the account's floor is written off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from shared.events import UsageEvent, decode

CHARGING_KINDS = frozenset({"settled", "unreserved", "expired"})
"""A request is charged once, by one of these; `adjusted` may then correct an `expired` one."""

USAGE_KINDS = CHARGING_KINDS | {"adjusted"}
KINDS = USAGE_KINDS | {"released", "lots_expired", "repaid", "alert", "corrected"}

_NUMBER_MAX = 2**63 - 1

Parts = tuple[tuple[str, int], ...]


class Unpostable(Exception):
    """This entry cannot be posted."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of a ledger transaction, in micro-credits. `lot` is None for lines without a lot."""

    ledger_account: str
    lot: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The balance has fallen to this percentage of `basis`, the balance after the last grant."""

    threshold_percent: int
    basis: int
    remaining: int

    @property
    def event_type(self) -> str:
        return "credits.low" if self.threshold_percent else "credits.depleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """Amounts are micro-credits; parts are (lot, amount). `at_ms` is Redis' clock in ms."""

    id: str
    at_ms: int
    kind: str
    account: str
    epoch: int
    seq: int
    request_id: str | None
    taken: Parts
    expired: Parts
    returned: Parts
    debt: int
    event: UsageEvent | None
    writeoff: int = 0
    alert: Alert | None = None
    adjusts_epoch: int | None = None
    """Of an adjustment: the epoch in which the sweep made the charge that it corrects."""

    @property
    def charged(self) -> int:
        """The cost; negative when an adjustment returns what a sweep had charged too much."""
        return self.paid + self.writeoff

    @property
    def paid(self) -> int:
        """The part of the cost that the account paid."""
        return _sum(self.taken) + self.debt - _sum(self.returned)

    @property
    def effect(self) -> int:
        """By how much it lowers the account's balance."""
        return self.paid + _sum(self.expired)

    def in_later_epoch(self) -> "Entry":
        """The part of it that counts in a later epoch.

        Redis started that epoch from lots and debt without this entry. So expired lots expire there
        again and debt is repaid there again; only the charge has to be carried over.
        """
        if self.kind in {"repaid", "corrected"}:
            return replace(self, taken=(), returned=(), expired=(), debt=0)
        return replace(self, expired=())

    def as_void(self) -> "Entry":
        """Its number without any amounts."""
        nothing: Parts = ()
        moved = {
            "taken": nothing,
            "returned": nothing,
            "expired": nothing,
            "debt": 0,
            "writeoff": 0,
        }
        return replace(self, event=None, **moved)  # type: ignore[arg-type]

    def parts(self) -> dict[str, int]:
        """Net change per lot."""
        changes: dict[str, int] = {}
        for parts, sign in ((self.taken, -1), (self.expired, -1), (self.returned, 1)):
            for lot, amount in parts:
                changes[lot] = changes.get(lot, 0) + sign * amount
        return changes

    def lines(self) -> list[LedgerLine]:
        """The lines of its ledger transaction; they sum to zero."""
        lines = [
            *(LedgerLine("customer_credits", lot, -amount) for lot, amount in self.taken),
            *(LedgerLine("customer_credits", lot, amount) for lot, amount in self.returned),
            *(LedgerLine("customer_credits", lot, -amount) for lot, amount in self.expired),
            LedgerLine("customer_debt", None, -self.debt),
            LedgerLine("earned", None, self.charged),
            LedgerLine("writeoff", None, -self.writeoff),
            LedgerLine("breakage", None, _sum(self.expired)),
        ]
        return [line for line in lines if line.amount]


def read(entry_id: str, fields: Mapping[bytes, bytes]) -> Entry:
    """Parse the fields of a stream entry. Raises Unpostable with the reason."""
    try:
        return _read(entry_id, fields)
    except KeyError as error:
        raise Unpostable(f"the field {error} is missing") from error
    except (ValueError, msgspec.MsgspecError) as error:
        raise Unpostable(str(error)) from error


def _read(entry_id: str, fields: Mapping[bytes, bytes]) -> Entry:
    kind = fields[b"kind"].decode()
    if kind not in KINDS:
        raise Unpostable(f"there is no kind {kind!r}")
    request = fields.get(b"request")
    if kind in USAGE_KINDS and not request:
        raise Unpostable("a charge without a request")
    return Entry(
        id=entry_id,
        at_ms=int(entry_id.partition("-")[0]),
        kind=kind,
        account=fields[b"account"].decode(),
        epoch=_number(fields[b"epoch"]),
        seq=_number(fields[b"seq"]),
        request_id=request.decode() if request else None,
        taken=_parts(fields.get(b"alloc", b"")),
        expired=_parts(fields.get(b"expired", b"")),
        returned=_parts(fields.get(b"returned", b"")),
        debt=_number(fields.get(b"debt", b"0")),
        event=decode(fields[b"__data__"]) if kind in USAGE_KINDS else None,
        writeoff=_number(fields.get(b"writeoff", b"0")),
        alert=_alert(fields) if kind == "alert" else None,
        adjusts_epoch=_number(fields.get(b"adjusts_epoch", fields[b"epoch"])),
    )


def _alert(fields: Mapping[bytes, bytes]) -> Alert:
    return Alert(
        threshold_percent=_number(fields[b"threshold"]),
        basis=_number(fields[b"basis"]),
        remaining=_number(fields[b"avail"]),
    )


def _number(text: bytes | str) -> int:
    """An integer that fits a bigint column. Raises ValueError."""
    number = int(text)
    if abs(number) > _NUMBER_MAX:
        raise ValueError(f"{number} is too large")
    return number


def _parts(packed: bytes) -> Parts:
    """`lot=amount;lot=amount`, see packing.lua."""
    if not packed:
        return ()
    pairs = (part.split("=") for part in packed.decode().split(";"))
    return tuple((lot, _number(amount)) for lot, amount in pairs)


def _sum(parts: Parts) -> int:
    return sum(amount for _, amount in parts)
