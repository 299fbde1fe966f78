"""One outbox entry, read: what a script moved, and the usage it was for. Pure.

What is booked is what was moved: the charge is the sum of the lots taken and the debt made, less
what came back, and not a figure told beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from shared.events import UsageEvent, decode

USAGE_KINDS = frozenset({"settled", "unreserved", "expired", "adjusted"})
KINDS = USAGE_KINDS | {"released", "lapsed", "repaid"}

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

    @property
    def charged(self) -> int:
        """What the account paid for it; below zero when a sweep had charged too much."""
        return _sum(self.taken) + self.debt - _sum(self.returned)

    @property
    def effect(self) -> int:
        """By how much it lowers what the account has."""
        return self.charged + _sum(self.lapsed)

    def moves(self) -> list[Move]:
        """The lines of its ledger transaction, which sum to zero."""
        lines = [
            *(Move("customer_credits", lot, -amount) for lot, amount in self.taken),
            *(Move("customer_credits", lot, amount) for lot, amount in self.returned),
            *(Move("customer_credits", lot, -amount) for lot, amount in self.lapsed),
            Move("customer_debt", None, -self.debt),
            Move("earned", None, self.charged),
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
