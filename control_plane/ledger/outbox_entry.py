"""One outbox entry, read: what a script moved, and the usage it was for. Pure.

What is booked is what was moved: the charge is the sum of the lots taken and the debt made, less
what came back, and not a figure told beside it. What a request cost beyond the account's floor is
written off: the deployment earned it, and bears it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from shared.events import UsageEvent, decode

CHARGING_KINDS = frozenset({"settled", "unreserved", "expired"})
"""A request is charged by one of these, once; `adjusted` then puts an `expired` one right."""

USAGE_KINDS = CHARGING_KINDS | {"adjusted"}
KINDS = USAGE_KINDS | {"released", "lapsed", "repaid", "alert", "corrected"}

_NUMBER_MAX = 2**63 - 1

Parts = tuple[tuple[str, int], ...]


class Unbookable(Exception):
    """This entry cannot be booked as it is."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a ledger transaction; `lot` only where the line is about a lot."""

    ledger_account: str
    lot: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The balance has fallen to this percentage of what it was after the last grant."""

    threshold_percent: int
    basis: int
    remaining: int

    @property
    def event_type(self) -> str:
        return "credits.low" if self.threshold_percent else "credits.depleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """Amounts are micro-credits; parts are (lot, amount). `at_ms` is Redis's clock."""

    id: str
    at_ms: int
    kind: str
    account: str
    epoch: int
    seq: int
    request_id: str | None
    taken: Parts
    lapsed: Parts
    returned: Parts
    debt: int
    event: UsageEvent | None
    writeoff: int = 0
    alert: Alert | None = None
    of: int | None = None
    """An adjustment's: the epoch in which the sweep charged what it puts right."""

    @property
    def charged(self) -> int:
        """What it cost; below zero when a sweep had charged too much."""
        return self.paid + self.writeoff

    @property
    def paid(self) -> int:
        """What of that the account paid."""
        return _sum(self.taken) + self.debt - _sum(self.returned)

    @property
    def effect(self) -> int:
        """By how much it lowers what the account has."""
        return self.paid + _sum(self.lapsed)

    def outlived(self) -> "Entry":
        """What of it still holds in a later epoch than its own.

        Redis began that epoch from lots and debt in which this entry had no part. So what expired
        lapses there again, and debt is repaid there again; only what was charged is to be made up.
        """
        if self.kind in {"repaid", "corrected"}:
            return replace(self, taken=(), returned=(), lapsed=(), debt=0)
        return replace(self, lapsed=())

    def voided(self) -> "Entry":
        """As if nothing had been moved: its number is booked, and nothing else."""
        nothing: Parts = ()
        moved = {"taken": nothing, "returned": nothing, "lapsed": nothing, "debt": 0, "writeoff": 0}
        return replace(self, event=None, **moved)  # type: ignore[arg-type]

    def parts(self) -> dict[str, int]:
        """By how much it changes each lot."""
        changes: dict[str, int] = {}
        for parts, sign in ((self.taken, -1), (self.lapsed, -1), (self.returned, 1)):
            for lot, amount in parts:
                changes[lot] = changes.get(lot, 0) + sign * amount
        return changes

    def moves(self) -> list[Move]:
        """The lines of its ledger transaction, which sum to zero."""
        lines = [
            *(Move("customer_credits", lot, -amount) for lot, amount in self.taken),
            *(Move("customer_credits", lot, amount) for lot, amount in self.returned),
            *(Move("customer_credits", lot, -amount) for lot, amount in self.lapsed),
            Move("customer_debt", None, -self.debt),
            Move("earned", None, self.charged),
            Move("writeoff", None, -self.writeoff),
            Move("breakage", None, _sum(self.lapsed)),
        ]
        return [line for line in lines if line.amount]


def read(entry_id: str, fields: Mapping[bytes, bytes]) -> Entry:
    """Raises Unbookable, saying what is wrong with it."""
    try:
        return _read(entry_id, fields)
    except KeyError as error:
        raise Unbookable(f"the field {error} is missing") from error
    except (ValueError, msgspec.MsgspecError) as error:
        raise Unbookable(str(error)) from error


def _read(entry_id: str, fields: Mapping[bytes, bytes]) -> Entry:
    kind = fields[b"kind"].decode()
    if kind not in KINDS:
        raise Unbookable(f"there is no kind {kind!r}")
    request = fields.get(b"request")
    if kind in USAGE_KINDS and not request:
        raise Unbookable("a charge without a request")
    return Entry(
        id=entry_id,
        at_ms=int(entry_id.partition("-")[0]),
        kind=kind,
        account=fields[b"account"].decode(),
        epoch=_number(fields[b"epoch"]),
        seq=_number(fields[b"seq"]),
        request_id=request.decode() if request else None,
        taken=_parts(fields.get(b"alloc", b"")),
        lapsed=_parts(fields.get(b"lapsed", b"")),
        returned=_parts(fields.get(b"returned", b"")),
        debt=_number(fields.get(b"debt", b"0")),
        event=decode(fields[b"__data__"]) if kind in USAGE_KINDS else None,
        writeoff=_number(fields.get(b"writeoff", b"0")),
        alert=_alert(fields) if kind == "alert" else None,
        of=_number(fields.get(b"of", fields[b"epoch"])),
    )


def _alert(fields: Mapping[bytes, bytes]) -> Alert:
    return Alert(
        threshold_percent=_number(fields[b"threshold"]),
        basis=_number(fields[b"basis"]),
        remaining=_number(fields[b"avail"]),
    )


def _number(text: bytes | str) -> int:
    """What a column of the books can hold; a script never writes more."""
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
