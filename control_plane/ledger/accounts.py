"""Opening and amending credit accounts. Every change is numbered and delivered to Redis by `relay`.

A change is written together with its `account_changes` row in the caller's transaction.
"""

from control_plane.kit.database import Connection
from control_plane.ledger import store
from shared.errors import NotFound
from shared.keyspace import shard_of


async def open_account(connection: Connection, user_id: str, tier: str) -> None:
    """Create the account of a user. It has the user's id and never changes its shard."""
    await store.open_account(connection, user_id, shard_of(user_id), tier)


async def set_floor(connection: Connection, account: str, floor_micro: int) -> None:
    """Set how far below zero a charge may take the balance: micro-credits, 0 or less."""
    await store.set_floor(connection, account, floor_micro)


async def amend(connection: Connection, account: str, state: str, tier: str) -> None:
    """Set the account's state and tier. Raises NotFound."""
    if await store.amend(connection, account, state, tier) is None:
        raise NotFound("There is no such account.")
