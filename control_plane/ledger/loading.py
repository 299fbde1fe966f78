"""Loads an account from PostgreSQL into Redis. Concurrent loads have the effect of one.

The account's row is locked while it is read, and every change of its lots or debt locks that row
first, so lots, debt, `seq` and `change_seq` are consistent. An account that is absent in this epoch
has no entries in transit, so nothing is missed between reading and loading.
"""

from control_plane.kit.database import Pool, transaction
from control_plane.ledger import store
from shared.errors import NotFound, ServiceUnavailable
from shared.ledger import Ledger


async def load(pool: Pool, ledger: Ledger, account: str) -> str:
    """Returns `loaded` or `present`.

    Raises NotFound, or ServiceUnavailable while the account's shard has not been opened.
    """
    async with transaction(pool) as connection:
        snapshot = await store.lock_snapshot(connection, account)
    if snapshot is None:
        raise NotFound("There is no such account.")
    outcome, _ = await ledger.load(snapshot)
    if outcome == "fenced":
        raise ServiceUnavailable("This account is being recovered.", retry_after_s=1)
    return outcome
