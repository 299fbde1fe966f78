"""Brings an account into Redis as PostgreSQL knows it. Any number at once have the effect of one.

The account's row is locked while it is read, and whoever changes its lots or its debt locks that
row first: so lots, debt, `seq` and `gv` are those of one moment. No entry of an account that is
absent in this epoch can be under way, so nothing is missed between the reading and the loading.
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
