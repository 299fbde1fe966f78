"""Takes expired lots off the books of accounts that ask for nothing.

Only Redis says what lapsed: a part of a lot may be set aside for a request that began in time. An
account that is not in Redis is brought there first, so there is one way and not two.
"""

from control_plane.kit.database import Pool
from control_plane.ledger import loading, store
from shared.ledger import Ledger

_ACCOUNTS_MAX = 1000


async def lapse_expired(pool: Pool, ledger: Ledger) -> int:
    """How many accounts had something that lapsed. Raises LedgerAway, or ServiceUnavailable."""
    lapsed = 0
    for account in await store.list_expiring(pool, _ACCOUNTS_MAX):
        outcome, _ = await ledger.lapse(account)
        if outcome == "cold":
            await loading.load(pool, ledger, account)
            outcome, _ = await ledger.lapse(account)
        lapsed += outcome == "lapsed"
    return lapsed
