"""What may be done to an account from this side: open it, grant, amend. Each is a numbered change.

A change is written with its word to Redis in the caller's transaction, so neither is without the
other; `relay` carries the word.
"""

import uuid

from control_plane.kit.database import Connection
from control_plane.ledger import store
from control_plane.ledger.records import NewLot
from shared.credits import BALANCE_MICRO_MAX
from shared.errors import NotFound, ValidationFailed
from shared.keyspace import shard_of


async def open_account(connection: Connection, user_id: str, tier: str) -> None:
    """An account has its user's id and lives in one shard for ever."""
    await store.open_account(connection, user_id, shard_of(user_id), tier)


async def grant(connection: Connection, account: str, lot: NewLot) -> str:
    """Add a lot and return its id.

    Raises NotFound (no such account) or ValidationFailed (an amount that is not positive, or that
    would take the balance beyond what is counted exactly).
    """
    _check_amount(lot.amount > 0, "must be more than 0")
    gv = await store.next_change(connection, account)
    if gv is None:
        raise NotFound("There is no such account.")
    total = await store.standing(connection, account) + lot.amount
    _check_amount(total <= BALANCE_MICRO_MAX, "would make the balance larger than an account holds")
    lot_id = str(uuid.uuid4())
    await store.create_grant(connection, account, gv, lot_id, lot)
    return lot_id


async def set_floor(connection: Connection, account: str, floor_micro: int) -> None:
    """How far below zero a charge may take the balance: micro-credits, 0 or less."""
    await store.set_floor(connection, account, floor_micro)


async def amend(connection: Connection, account: str, state: str, tier: str) -> None:
    """Set the account's state and tier. Raises NotFound."""
    if await store.amend(connection, account, state, tier) is None:
        raise NotFound("There is no such account.")


def _check_amount(fits: bool, message: str) -> None:
    if not fits:
        raise ValidationFailed(
            f"The amount of credits {message}.",
            param="credits",
            details={"fields": [{"field": "credits", "message": message}]},
        )
