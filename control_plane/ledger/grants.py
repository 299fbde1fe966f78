"""Granting credits: a new lot, its ledger transaction, and the numbered change for Redis."""

import uuid

from control_plane.kit.database import Connection
from control_plane.ledger import store
from control_plane.ledger.records import NewLot
from shared.credits import BALANCE_MICRO_MAX
from shared.errors import NotFound, ValidationFailed


async def grant(connection: Connection, account: str, lot: NewLot) -> str:
    """Add a lot in the caller's transaction and return its id. Amounts are micro-credits.

    Raises NotFound (no such account) or ValidationFailed (an amount that is not positive, or that
    would take the balance above BALANCE_MICRO_MAX).
    """
    _check_amount(lot.amount > 0, "must be more than 0")
    change_seq = await store.next_change_seq(connection, account)
    if change_seq is None:
        raise NotFound("There is no such account.")
    total = await store.sum_remaining(connection, account) + lot.amount
    _check_amount(total <= BALANCE_MICRO_MAX, "would make the balance larger than an account holds")
    lot_id = str(uuid.uuid4())
    await store.create_grant(connection, account, change_seq, lot_id, lot)
    return lot_id


def _check_amount(fits: bool, message: str) -> None:
    if not fits:
        raise ValidationFailed(
            f"The amount of credits {message}.",
            param="credits",
            details={"fields": [{"field": "credits", "message": message}]},
        )
