"""Expires lots of accounts that make no requests.

Only Redis knows what expires, because part of a lot may be held for a request that started in time.
An account that is not in Redis is loaded first.
"""

from control_plane.kit.database import Pool
from control_plane.ledger import loading, store
from shared.ledger import Ledger

_ACCOUNTS_MAX = 1000


async def expire_lots(pool: Pool, ledger: Ledger) -> int:
    """Returns how many accounts had lots that expired. Raises LedgerAway or ServiceUnavailable."""
    expired = 0
    for account in await store.list_expiring(pool, _ACCOUNTS_MAX):
        outcome, _ = await ledger.expire_lots(account)
        if outcome == "cold":
            await loading.load(pool, ledger, account)
            outcome, _ = await ledger.expire_lots(account)
        expired += outcome == "expired"
    return expired
